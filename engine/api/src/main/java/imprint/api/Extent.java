package imprint.api;

/**
 * A run of bytes of one kind inside a volume.
 *
 * @param offset first byte
 * @param length bytes, at least 1
 * @param kind   what is known of them
 */
public record Extent(long offset, long length, Kind kind) {

    /** What a run of bytes is. */
    public enum Kind {
        /** Content that has to be read to be known. */
        DATA,
        /** Reads as zeroes and has to stay so; nothing is stored. */
        ZERO,
        /**
         * Belongs to nobody: need not be copied, reads as zeroes where nothing is stored. On a disk something may be
         * stored, so nobody is told that these bytes are zeroes.
         */
        UNUSED,
        /** The medium could not be read here: reading throws {@link VolumeException.Unreadable}. */
        BAD
    }

    public Extent {
        if (offset < 0 || length < 1 || offset + length < 0) {
            throw new IllegalArgumentException("extent at " + offset + " of " + length + " bytes");
        }
    }

    /** First offset after the run. */
    public long end() {
        return offset + length;
    }

    /** The part of this run that lies in {@code [from, to)}, which must overlap it. */
    public Extent within(long from, long to) {
        long start = Math.max(offset, from);
        return new Extent(start, Math.min(end(), to) - start, kind);
    }
}
