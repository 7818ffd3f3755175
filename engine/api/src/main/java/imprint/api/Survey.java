package imprint.api;

import java.util.List;
import java.util.Map;

/** What was found on a volume. */
public interface Survey {

    /** The same bytes, unused runs marked; closing it closes the surveyed one. */
    Volume volume();

    /** Partitions in the order of their numbers; empty for a file system. */
    List<Part> parts();

    /** For people and JSON, in order: type, label, UUID, size, used, state. */
    Map<String, String> facts();

    /**
     * A named part of a volume.
     *
     * @param number as the table counts, from 1
     * @param offset bytes from the start of the volume
     * @param length bytes
     */
    record Part(int number, long offset, long length, Map<String, String> facts) {}
}
