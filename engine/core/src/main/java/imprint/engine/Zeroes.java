package imprint.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Finds out whether bytes are all zero, at the speed of memory. */
final class Zeroes {

    private Zeroes() {}

    /** Whether {@code length} bytes from index {@code from} are all zero. */
    static boolean in(ByteBuffer buffer, int from, int length) {
        var native64 = buffer.duplicate().order(ByteOrder.nativeOrder());
        int at = from;
        int end = from + length;
        while (end - at >= 64) {
            long any = native64.getLong(at) | native64.getLong(at + 8) | native64.getLong(at + 16) | native64.getLong(at + 24)
                    | native64.getLong(at + 32) | native64.getLong(at + 40) | native64.getLong(at + 48)
                    | native64.getLong(at + 56);
            if (any != 0) {
                return false;
            }
            at += 64;
        }
        while (at < end) {
            if (native64.get(at++) != 0) {
                return false;
            }
        }
        return true;
    }
}
