package imprint.api;

import java.util.List;

/**
 * What a check found.
 *
 * @param state    the answer
 * @param findings sentences, each with a place; empty where all is well
 * @param covered  bytes that were looked at
 * @param by       what was checked against, such as "disk.img.sha256"; empty for {@link State#UNKNOWN}
 */
public record Report(State state, List<String> findings, long covered, List<String> by) {

    /** What a check can come to. */
    public enum State { INTACT, UNKNOWN, REPAIRABLE, DAMAGED }

    /** Nothing of this kind covers the file. */
    public static Report unknown() {
        return new Report(State.UNKNOWN, List.of(), 0, List.of());
    }
}
