package toy;

import java.nio.ByteBuffer;

/** Rows of steps: bytes as they are, or one byte that stands many times. */
final class Runs {

    private static final int REPEATED = 128, LEAST = 2, MOST = REPEATED - 1 + LEAST;

    private Runs() {}

    /** At worst one count for every 128 bytes. */
    static int worst(int length) {
        return length + (length + REPEATED - 1) / REPEATED;
    }

    /** Packs what remains of {@code from}. */
    static void pack(ByteBuffer from, ByteBuffer to) {
        while (from.hasRemaining()) {
            int run = run(from, from.position());
            if (run > LEAST) {
                to.put((byte) (REPEATED + run - LEAST)).put(from.get(from.position()));
                from.position(from.position() + run);
            } else {
                int length = literal(from);
                to.put((byte) (length - 1)).put(from.slice(from.position(), length));
                from.position(from.position() + length);
            }
        }
    }

    /** Unpacks until {@code to} is full and {@code from} is empty. @return false where they do not end together */
    static boolean unpack(ByteBuffer from, ByteBuffer to) {
        while (from.remaining() > 1) {
            int count = from.get() & 0xFF;
            int length = count < REPEATED ? count + 1 : count - REPEATED + LEAST;
            if (length > to.remaining() || count < REPEATED && length > from.remaining()) {
                return false;
            }
            if (count < REPEATED) {
                to.put(from.slice(from.position(), length));
                from.position(from.position() + length);
            } else {
                byte value = from.get();
                for (int i = 0; i < length; i++) {
                    to.put(value);
                }
            }
        }
        return !from.hasRemaining() && !to.hasRemaining();
    }

    private static int run(ByteBuffer bytes, int at) {
        int end = Math.min(bytes.limit(), at + MOST);
        int next = at + 1;
        while (next < end && bytes.get(next) == bytes.get(at)) {
            next++;
        }
        return next - at;
    }

    /** Bytes up to the next run that is worth a step of its own. */
    private static int literal(ByteBuffer bytes) {
        int end = Math.min(bytes.limit(), bytes.position() + REPEATED);
        int at = bytes.position() + 1;
        while (at < end && run(bytes, at) <= LEAST) {
            at++;
        }
        return at - bytes.position();
    }
}
