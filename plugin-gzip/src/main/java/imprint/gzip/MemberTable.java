package imprint.gzip;

import imprint.api.Job;
import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.Volumes;
import imprint.codec.FrameIndex;
import imprint.codec.Packing.Tail;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The sizes of all members, in the extra fields of members without content at the end, which every gzip passes over.
 * Layout: this plugin's README.md.
 *
 * @param index the members it lists
 * @param start its first byte in the image
 */
record MemberTable(FrameIndex index, long start) {

    private static final int ENTRY = 8;
    private static final int MOST_ENTRIES = 8191;             // as many as an extra field takes
    private static final int BEFORE = 16, AFTER = 10;         // around the entries of one member
    private static final int FOOTER_PAYLOAD = 16, FOOTER = BEFORE + FOOTER_PAYLOAD + AFTER;
    private static final byte TABLE_ID = 'X', FOOTER_ID = 'F';

    /**
     * The table of an image, if it ends in one.
     *
     * @throws VolumeException.Corrupt     it is damaged
     * @throws VolumeException.Unsupported it needs more than a quarter of the job's memory
     */
    static Optional<MemberTable> read(Volume image, Job job) throws IOException {
        long size = image.size();
        if (size < FOOTER) {
            return Optional.empty();
        }
        var footer = Volumes.read(image, size - FOOTER, FOOTER);
        if (!isAround(footer, FOOTER_ID, FOOTER_PAYLOAD)) {
            return Optional.empty();
        }
        long count = Integer.toUnsignedLong(footer.getInt(BEFORE));
        int sum = footer.getInt(BEFORE + 4);
        long content = footer.getLong(BEFORE + 8);
        long start = size - FOOTER - count * ENTRY - Math.ceilDiv(count, MOST_ENTRIES) * (BEFORE + AFTER);
        if (start < 0 || count > Integer.MAX_VALUE / 2) {
            throw new VolumeException.Corrupt(image, size - FOOTER, FOOTER,
                    "lists " + count + " members, their table does not fit into " + size + " bytes");
        }
        if (count * FrameIndex.BYTES_PER_FRAME > job.memory() / 4) {
            throw new VolumeException.Unsupported(image, start, "table of " + count + " members takes " + count * FrameIndex.BYTES_PER_FRAME
                    + " bytes of memory, give at least --memory " + 4 * count * FrameIndex.BYTES_PER_FRAME);
        }
        var index = new FrameIndex();
        var crc = new CRC32();
        long at = start;
        for (long left = count; left > 0;) {
            int now = (int) Math.min(left, MOST_ENTRIES);
            var member = Volumes.read(image, at, BEFORE + now * ENTRY + AFTER);
            if (!isAround(member, TABLE_ID, now * ENTRY)) {
                throw new VolumeException.Corrupt(image, at, member.limit(), "found no part of the member table, expected " + now + " entries");
            }
            crc.update(member.slice(BEFORE, now * ENTRY));
            member.position(BEFORE);
            for (int i = 0; i < now; i++) {
                index.add(Integer.toUnsignedLong(member.getInt()), Integer.toUnsignedLong(member.getInt()));
            }
            at += member.limit();
            left -= now;
        }
        crc.update(footerFields((int) count, content));
        if ((int) crc.getValue() != sum || index.length() != content || index.packed() > start) {
            throw new VolumeException.Corrupt(image, start, size - start, String.format(
                    "member table has checksum %08x, expected %08x; it lists %d bytes for %d of content, expected at most %d for %d",
                    sum, (int) crc.getValue(), index.packed(), index.length(), start, content));
        }
        return Optional.of(new MemberTable(index, start));
    }

    /** Whether it lists everything that stands before it; otherwise images were joined, and it is the last one's. */
    boolean isWhole() {
        return index.packed() == start;
    }

    static void write(FrameIndex index, Tail tail) throws IOException {
        var crc = new CRC32();
        for (int done = 0; done < index.count();) {
            int end = Math.min(index.count(), done + MOST_ENTRIES);
            var entries = little((end - done) * ENTRY);
            for (; done < end; done++) {
                entries.putInt((int) index.packedOf(done)).putInt((int) index.lengthOf(done));
            }
            crc.update(entries.flip());
            tail.lay(member(TABLE_ID, entries.rewind()));
        }
        crc.update(footerFields(index.count(), index.length()));
        tail.lay(member(FOOTER_ID, little(FOOTER_PAYLOAD)
                .putInt(index.count()).putInt((int) crc.getValue()).putLong(index.length()).flip()));
    }

    private static ByteBuffer footerFields(int count, long content) {
        return little(12).putInt(count).putLong(content).flip();
    }

    /** A member without content around an extra field. */
    private static ByteBuffer member(byte id, ByteBuffer payload) {
        int length = payload.remaining();
        return around(little(BEFORE + length + AFTER), id, length).put(BEFORE, payload, 0, length).position(0);
    }

    /** Writes all but the payload. */
    private static ByteBuffer around(ByteBuffer member, byte id, int length) {
        member.put(MemberHeader.ID1).put(MemberHeader.ID2).put(MemberHeader.DEFLATE).put((byte) MemberHeader.EXTRA)
                .putInt(0).put((byte) 0).put((byte) 0xFF).putShort((short) (4 + length))
                .put((byte) 'I').put(id).putShort((short) length);
        member.position(BEFORE + length);
        return member.put((byte) 3).put((byte) 0).putLong(0); // an empty block of fixed codes; the checksum and size of nothing
    }

    private static boolean isAround(ByteBuffer member, byte id, int length) {
        var expected = around(little(member.limit()), id, length);
        return member.slice(0, BEFORE).equals(expected.slice(0, BEFORE))
                && member.slice(BEFORE + length, AFTER).equals(expected.slice(BEFORE + length, AFTER));
    }

    private static ByteBuffer little(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
