package imprint.api;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What stands at a location now, found without writing to it and without opening it for writing.
 *
 * @param uri         the location
 * @param name        for people: the path as it was given, "standard input"
 * @param kind        what it is
 * @param size        bytes; -1 where unknown (stream, nothing there)
 * @param sectorSize  logical sector in bytes; 1 for what is no device
 * @param room        bytes that can be written there: a device's size, the free space for a file, {@code Long.MAX_VALUE}
 *                    for a stream
 * @param largestFile bytes that one file may have there; {@code Long.MAX_VALUE} for what is no file
 * @param facts       for people, in order: model, serial, transport, holds (what lies on it by its signatures)
 * @param uses        why it may not be overwritten now, each a phrase ("mounted at /mnt", "used as swap"); empty when free
 * @param self        what these bytes are, by keys that two names of one thing share; empty for a pipe
 * @param within      the keys of all that these bytes are a part of, outwards: partition, disk, loop's backing file …
 */
public record Place(URI uri, String name, Kind kind, long size, int sectorSize, long room, long largestFile,
        Map<String, String> facts, List<String> uses, Set<String> self, Set<String> within) {

    /** What can stand at a location. */
    public enum Kind { FILE, DEVICE, FOLDER, STREAM, ABSENT }

    /** The serial number of a device; empty where it has none. */
    public String serial() {
        return facts.getOrDefault("serial", "");
    }

    /** The same bytes under two names. */
    public boolean same(Place other) {
        return self.stream().anyMatch(other.self::contains);
    }

    /** Whether this is a part of {@code whole}: a partition of that disk, a file on it, what a loop device shows of it. */
    public boolean inside(Place whole) {
        return within.stream().anyMatch(whole.self::contains);
    }
}
