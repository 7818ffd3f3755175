package imprint.shell;

import imprint.api.CancelledException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** What is at the other end of standard input and standard error. */
interface Terminal {

    /** Whether a person can be asked: both standard input and standard error are a terminal. */
    boolean isInteractive();

    /** Whether standard error is a terminal, so that a line may be rewritten. */
    boolean showsProgress();

    /** Columns. */
    int width();

    /**
     * One line from the person, without its end; empty at the end of input.
     *
     * @param cancelled completes when the person ends the program instead
     * @throws CancelledException it did
     */
    String ask(String question, CompletableFuture<?> cancelled) throws IOException;

    /** The one this process was started on. */
    static Terminal system() {
        return new SystemTerminal();
    }

    /** Nobody there. */
    Terminal NONE = new Terminal() {
        @Override public boolean isInteractive() {
            return false;
        }

        @Override public boolean showsProgress() {
            return false;
        }

        @Override public int width() {
            return SystemTerminal.USUAL_WIDTH;
        }

        @Override public String ask(String question, CompletableFuture<?> cancelled) {
            throw new IllegalStateException("asked where nobody answers: " + question);
        }
    };
}
