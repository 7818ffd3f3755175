package imprint.api;

/** What a job came to; each with the exit status of the command line. */
public enum Verdict {
    COMPLETE(0), UNVERIFIED(0), USAGE(1), FAILED(2), LOSSY(3), REPAIRABLE(4), DAMAGED(5), REFUSED(6), INTERRUPTED(7),
    NO_SPACE(8), BUSY(9);

    private final int status;

    Verdict(int status) {
        this.status = status;
    }

    /** The exit status, DESIGN's table. */
    public int status() {
        return status;
    }
}
