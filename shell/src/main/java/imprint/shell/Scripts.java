package imprint.shell;

import java.io.IOException;

/** The shell as a service, there while Gogo is. */
interface Scripts {
    /** Runs a script file, or standard input for {@code -}. @throws VerbFailed a line failed */
    void run(String script) throws IOException, InterruptedException;

    /** Talks with a person, or reads a script where there is none. */
    void converse(boolean person) throws IOException, InterruptedException;
}
