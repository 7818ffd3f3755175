package imprint.shell;

import java.io.PrintStream;

/** Where a verb speaks. */
record Streams(PrintStream out, PrintStream err) {

    /** This process's own. */
    static Streams system() {
        return new Streams(System.out, System.err);
    }
}
