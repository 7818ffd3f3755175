package imprint.api;

/** What a job tells while it runs. */
public sealed interface Event {

    /**
     * How far a phase has come.
     *
     * @param phase      "reading", "writing", "verifying", "flushing" …
     * @param done       bytes
     * @param total      bytes; -1 where it is not known
     * @param errors     unreadable runs met so far
     * @param bottleneck the stage that the others wait for; empty while it is not known
     */
    record Progress(String phase, long done, long total, long errors, String bottleneck) implements Event {}

    /** A sentence for people and for the log. */
    record Note(String sentence) implements Event {}

    /** A sentence that people should act on: something is not as they may believe. */
    record Warning(String sentence) implements Event {}

    /** A run that could not be read. */
    record Bad(long offset, long length) implements Event {}
}
