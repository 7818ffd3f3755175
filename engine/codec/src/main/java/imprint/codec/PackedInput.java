package imprint.codec;

import imprint.api.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The bytes of an image in ascending order, buffered, so that a pipe serves as well as a file. For one thread. */
public final class PackedInput {

    /** What {@link #require} can be asked for at most. */
    public static final int BUFFER = 512 * 1024;

    private final Volume image;
    private final long end;
    private final ByteBuffer buffer;
    private long next;                                        // of the image, to be read into the buffer

    /**
     * @param start first byte
     * @param end   where it is taken to end; {@code Long.MAX_VALUE} for the end of the image
     */
    public PackedInput(Volume image, long start, long end) {
        this.image = image;
        this.next = start;
        this.end = end;
        this.buffer = ByteBuffer.allocateDirect((int) Math.min(BUFFER, Math.max(1, end - start))).order(ByteOrder.LITTLE_ENDIAN).flip();
    }

    /** The image, for messages. */
    public Volume image() {
        return image;
    }

    /** Offset in the image of the next byte. */
    public long at() {
        return next - buffer.remaining();
    }

    /** What is at hand: direct, little-endian, its position is the next byte. Advance it; leave its limit as it was. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Has at least {@code wanted} bytes at hand, or all that are left. @return bytes at hand, at least 0 */
    public int require(int wanted) throws IOException {
        if (buffer.remaining() < wanted) {
            buffer.compact();
            try {
                while (buffer.position() < wanted && next < end) {
                    if (end - next < buffer.remaining()) {
                        buffer.limit(buffer.position() + (int) (end - next));
                    }
                    int got = image.read(next, buffer);
                    buffer.limit(buffer.capacity());
                    if (got < 0) {
                        break;
                    }
                    next += got;
                }
            } finally {
                buffer.limit(buffer.capacity()).flip();
            }
        }
        return buffer.remaining();
    }

    /** Passes over bytes. @return false where the image ends before {@code length} bytes have passed */
    public boolean skip(long length) throws IOException {
        long left = length;
        while (left > 0) {
            int pass = (int) Math.min(left, buffer.remaining());
            buffer.position(buffer.position() + pass);
            left -= pass;
            if (left > 0 && require(1) == 0) {
                return false;
            }
        }
        return true;
    }
}
