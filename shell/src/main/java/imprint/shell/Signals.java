package imprint.shell;

/** The signal that ends us. The launcher turns it into an interrupt and, where it can, leaves its number behind. */
final class Signals {
    /** System property: the number of the signal. */
    static final String NUMBER = "imprint.signal";
    private static final int BASE = 128;
    private static final int INTERRUPT = 2;

    private Signals() {}

    /** 128+N; that of Ctrl-C where the launcher left no number. */
    static int status() {
        return BASE + Integer.getInteger(NUMBER, INTERRUPT);
    }

    /** Whether {@link #status} is more than a guess. */
    static boolean isKnown() {
        return Integer.getInteger(NUMBER) != null;
    }

    /** Whether the whole program is to end, and not only what it does now. */
    static boolean isEnding() {
        var probe = new Thread();
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException e) {
            return true;                                          // the one way there is to ask: shutdown has begun
        }
    }
}
