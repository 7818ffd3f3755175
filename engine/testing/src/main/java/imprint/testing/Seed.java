package imprint.testing;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** The one source of chance. A failure names it; {@code -Dimprint.seed=N} gives it back. */
public final class Seed implements TestExecutionExceptionHandler {

    private static final String PROPERTY = "imprint.seed";
    private static final long VALUE = Long.getLong(PROPERTY, System.nanoTime());

    /** The seed of this run. */
    public static long value() {
        return VALUE;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        var replay = new Exception("to run it again the same way: -D" + PROPERTY + "=" + VALUE);
        replay.setStackTrace(new StackTraceElement[0]);
        failure.addSuppressed(replay);
        throw failure;
    }
}
