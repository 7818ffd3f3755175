package imprint.shell;

/** A verb that came to less than success inside a script or an interactive line: ends the line, and keeps the status. */
final class VerbFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;
    private final boolean told;

    /** @param told whether the person has read the sentence already */
    VerbFailed(Failure failure, boolean told) {
        super(failure.sentence(), failure.cause());
        this.failure = failure;
        this.told = told;
    }

    Failure failure() {
        return failure;
    }

    boolean isTold() {
        return told;
    }
}
