package imprint.zstd;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The checksum of zstd: XXH64 with seed 0. */
final class XxHash64 {

    private static final long P1 = 0x9E3779B185EBCA87L, P2 = 0xC2B2AE3D27D4EB4FL, P3 = 0x165667B19E3779F9L,
            P4 = 0x85EBCA77C2B2AE63L, P5 = 0x27D4EB2F165667C5L;

    private XxHash64() {}

    /** The low 32 bits, as zstd stores them, over all remaining bytes, which stay. */
    static int of(ByteBuffer bytes) {
        var in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        int length = in.remaining();
        long hash = P5;
        if (length >= 32) {
            long a = P1 + P2, b = P2, c = 0, d = -P1;
            for (; in.remaining() >= 32;) {
                a = round(a, in.getLong());
                b = round(b, in.getLong());
                c = round(c, in.getLong());
                d = round(d, in.getLong());
            }
            hash = join(a, b, c, d);
        }
        hash += length;
        while (in.remaining() >= 8) {
            hash = Long.rotateLeft(hash ^ round(0, in.getLong()), 27) * P1 + P4;
        }
        if (in.remaining() >= 4) {
            hash = Long.rotateLeft(hash ^ Integer.toUnsignedLong(in.getInt()) * P1, 23) * P2 + P3;
        }
        while (in.hasRemaining()) {
            hash = Long.rotateLeft(hash ^ (in.get() & 0xFF) * P5, 11) * P1;
        }
        return finish(hash);
    }

    /** The same over {@code length} zeroes. */
    static int ofZeroes(long length) {
        long hash = P5;
        if (length >= 32) {
            long a = P1 + P2, b = P2, c = 0, d = -P1;
            for (long left = length; left >= 32; left -= 32) {
                a = round(a, 0);
                b = round(b, 0);
                c = round(c, 0);
                d = round(d, 0);
            }
            hash = join(a, b, c, d);
        }
        hash += length;
        int left = (int) (length & 31);
        for (; left >= 8; left -= 8) {
            hash = Long.rotateLeft(hash, 27) * P1 + P4;       // round(0, 0) is 0
        }
        if (left >= 4) {
            hash = Long.rotateLeft(hash, 23) * P2 + P3;
            left -= 4;
        }
        for (; left > 0; left--) {
            hash = Long.rotateLeft(hash, 11) * P1;
        }
        return finish(hash);
    }

    private static long round(long lane, long word) {
        return Long.rotateLeft(lane + word * P2, 31) * P1;
    }

    private static long join(long a, long b, long c, long d) {
        long hash = Long.rotateLeft(a, 1) + Long.rotateLeft(b, 7) + Long.rotateLeft(c, 12) + Long.rotateLeft(d, 18);
        for (long lane : new long[] {a, b, c, d}) {
            hash = (hash ^ round(0, lane)) * P1 + P4;
        }
        return hash;
    }

    private static int finish(long hash) {
        hash = (hash ^ hash >>> 33) * P2;
        hash = (hash ^ hash >>> 29) * P3;
        return (int) (hash ^ hash >>> 32);
    }
}
