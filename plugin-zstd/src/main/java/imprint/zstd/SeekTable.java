package imprint.zstd;

import imprint.api.Job;
import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.Volumes;
import imprint.codec.FrameIndex;
import imprint.codec.Packing.Tail;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * The sizes of all frames in a skippable frame at the end, little-endian, which readers without use for it pass over.
 * Layout: zstd's {@code contrib/seekable_format/zstd_seekable_compression_format.md}, version 0.1.0.
 *
 * @param index     the frames it lists
 * @param checksums the low half of XXH64 of each frame's content; empty where the table has none
 * @param start     its first byte in the image
 */
record SeekTable(FrameIndex index, Optional<int[]> checksums, long start) {

    /** Frames that a table may list. */
    static final int MOST_FRAMES = 0x8000000;

    private static final int MAGIC = 0x184D2A5E;
    private static final int FOOTER_MAGIC = 0x8F92EAB1;
    private static final int HEADER = 8;
    private static final int FOOTER = 9, COUNT = 0, DESCRIPTOR = 4, CLOSING_MAGIC = 5;
    private static final int CHECKSUM_BIT = 0x80, RESERVED_BITS = 0x7C;
    private static final int ENTRY = 8, ENTRY_WITH_CHECKSUM = 12;
    private static final int PIECE = 12 * 1024;               // bytes read at once, a multiple of both

    /**
     * The table of an image, if it ends in one.
     *
     * @throws VolumeException.Corrupt     it lists more than stands before it
     * @throws VolumeException.Unsupported it needs more than a quarter of the job's memory
     */
    static Optional<SeekTable> read(Volume image, Job job) throws IOException {
        long size = image.size();
        if (size < HEADER + FOOTER) {
            return Optional.empty();
        }
        var footer = Volumes.read(image, size - FOOTER, FOOTER);
        int descriptor = footer.get(DESCRIPTOR) & 0xFF;
        long count = Integer.toUnsignedLong(footer.getInt(COUNT));
        if (footer.getInt(CLOSING_MAGIC) != FOOTER_MAGIC || (descriptor & RESERVED_BITS) != 0 || count > MOST_FRAMES) {
            return Optional.empty();
        }
        boolean summed = (descriptor & CHECKSUM_BIT) != 0;
        long entries = count * (summed ? ENTRY_WITH_CHECKSUM : ENTRY);
        long start = size - FOOTER - entries - HEADER;
        if (start < 0) {
            return Optional.empty();
        }
        var header = Volumes.read(image, start, HEADER);
        if (header.getInt() != MAGIC || Integer.toUnsignedLong(header.getInt()) != entries + FOOTER) {
            return Optional.empty();
        }
        long memory = count * (FrameIndex.BYTES_PER_FRAME + (summed ? Integer.BYTES : 0));
        if (memory > job.memory() / 4) {
            throw new VolumeException.Unsupported(image, start, "seek table of " + count + " frames takes " + memory
                    + " bytes of memory, give at least --memory " + 4 * memory);
        }
        var table = readEntries(image, start, (int) count, summed);
        if (table.index.packed() > start) {
            throw new VolumeException.Corrupt(image, start, entries, "seek table lists frames of " + table.index.packed()
                    + " bytes, expected at most the " + start + " before it");
        }
        return Optional.of(table);
    }

    private static SeekTable readEntries(Volume image, long start, int count, boolean summed) throws IOException {
        var index = new FrameIndex();
        var checksums = new int[summed ? 1024 : 0];
        int entry = summed ? ENTRY_WITH_CHECKSUM : ENTRY;
        long at = start + HEADER;
        for (int done = 0; done < count;) {
            int now = Math.min(count - done, PIECE / entry);
            var piece = Volumes.read(image, at, now * entry);
            for (int end = done + now; done < end; done++) {
                index.add(Integer.toUnsignedLong(piece.getInt()), Integer.toUnsignedLong(piece.getInt()));
                if (summed) {
                    if (done == checksums.length) {
                        checksums = Arrays.copyOf(checksums, Math.min(count, done * 2));
                    }
                    checksums[done] = piece.getInt();
                }
            }
            at += (long) now * entry;
        }
        return new SeekTable(index, summed ? Optional.of(checksums) : Optional.empty(), start);
    }

    /** Whether it lists everything that stands before it; otherwise images were joined, and it is the last one's. */
    boolean isWhole() {
        return index.packed() == start;
    }

    /** @throws VolumeException.Corrupt the frames that stand right before it are not those it lists */
    void compare(FrameIndex found, Volume image) throws VolumeException {
        int theirs = found.count() - 2;                       // the last one found is the table itself
        for (int ours = index.count() - 1; ours >= 0; ours--, theirs--) {
            if (theirs < 0 || found.packedOf(theirs) != index.packedOf(ours) || found.lengthOf(theirs) != index.lengthOf(ours)) {
                throw new VolumeException.Corrupt(image, start, 0, "seek table lists frame " + ours + " with "
                        + index.packedOf(ours) + " bytes for " + index.lengthOf(ours) + " of content, found "
                        + (theirs < 0 ? "none" : found.packedOf(theirs) + " for " + found.lengthOf(theirs)));
            }
        }
    }

    /** Lays down a table without checksums: each frame has its own. */
    static void write(FrameIndex index, Tail tail) throws IOException {
        var piece = ByteBuffer.allocateDirect(PIECE).order(ByteOrder.LITTLE_ENDIAN);
        piece.putInt(MAGIC).putInt((int) ((long) index.count() * ENTRY + FOOTER));
        for (int i = 0; i < index.count(); i++) {
            if (piece.remaining() < ENTRY) {
                tail.lay(piece.flip());
                piece.clear();
            }
            piece.putInt((int) index.packedOf(i)).putInt((int) index.lengthOf(i));
        }
        tail.lay(piece.flip());
        piece.clear();
        tail.lay(piece.putInt(index.count()).put((byte) 0).putInt(FOOTER_MAGIC).flip());
    }
}
