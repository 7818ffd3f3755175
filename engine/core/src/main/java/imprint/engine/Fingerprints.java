package imprint.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * 64 bits per window of content, kept while it is written so that what is read back can be compared with it: CRC-32 and
 * CRC-32C of the DATA bytes. Both run at memory speed; together they miss one change in 2^64. Eight bytes for a window.
 */
final class Fingerprints {

    private static final int PAGE = 1 << 14;

    private final List<long[]> pages = new ArrayList<>();

    /** The fingerprint of several pieces of one window, in order. */
    static long of(List<ByteBuffer> pieces) {
        var crc = new CRC32();
        var crcC = new CRC32C();
        for (var piece : pieces) {
            crc.update(piece.duplicate());
            crcC.update(piece.duplicate());
        }
        return crc.getValue() << 32 | crcC.getValue();
    }

    synchronized void put(long index, long value) {
        int page = Math.toIntExact(index / PAGE);
        while (pages.size() <= page) {
            pages.add(new long[PAGE]);
        }
        pages.get(page)[(int) (index % PAGE)] = value;
    }

    synchronized long get(long index) {
        return pages.get(Math.toIntExact(index / PAGE))[(int) (index % PAGE)];
    }
}
