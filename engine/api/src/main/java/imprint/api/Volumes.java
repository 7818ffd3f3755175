package imprint.api;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** Small steps that every reader of volumes needs. */
public final class Volumes {

    private static final int PIECE = 1 << 20;
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private Volumes() {}

    /**
     * Fills {@code target}, or stops at the end of the volume.
     *
     * @return bytes read, 0 at the end
     */
    public static int readUpTo(Volume volume, long offset, ByteBuffer target) throws IOException {
        int start = target.position();
        while (target.hasRemaining()) {
            if (volume.read(offset + target.position() - start, target) < 0) {
                break;
            }
        }
        return target.position() - start;
    }

    /** Fills {@code target}. @throws VolumeException.Corrupt the volume ends before it is full */
    public static void readFully(Volume volume, long offset, ByteBuffer target) throws IOException {
        int wanted = target.remaining();
        int got = readUpTo(volume, offset, target);
        if (got < wanted) {
            throw new VolumeException.Corrupt(volume, offset, wanted,
                    "ends after " + got + " of " + wanted + " bytes that have to be here", new EOFException());
        }
    }

    /**
     * {@code length} bytes from {@code offset}, little-endian, ready to be read. Both may come from the volume itself:
     * memory is taken for bytes that are there, not for bytes that a header claims.
     *
     * @throws VolumeException.Corrupt the volume ends before, or offset or length is negative
     */
    public static ByteBuffer read(Volume volume, long offset, long length) throws IOException {
        if (offset < 0 || length < 0 || length > LARGEST_ARRAY) {
            throw new VolumeException.Corrupt(volume, -1, 0, "is to have " + length + " bytes at offset " + offset);
        }
        long size = volume.size();
        if (size >= 0 && length > size - offset) {
            throw new VolumeException.Corrupt(volume, offset, length,
                    "ends after " + Math.max(0, size - offset) + " of " + length + " bytes that have to be here", new EOFException());
        }
        var bytes = new byte[(int) Math.min(length, size < 0 ? PIECE : length)];
        for (int got = 0;;) {
            readFully(volume, offset + got, ByteBuffer.wrap(bytes, got, bytes.length - got));
            got = bytes.length;
            if (got == length) {
                return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(length, got * 2L)); // a stream: twice what was really there
        }
    }

    /** The first {@code most} bytes, or all there are; read-only. */
    public static ByteBuffer head(Volume volume, int most) throws IOException {
        var buffer = ByteBuffer.allocate(most);
        readUpTo(volume, 0, buffer);
        return buffer.flip().asReadOnlyBuffer();
    }

    /** The last {@code most} bytes, or all there are; empty for a stream; read-only. */
    public static ByteBuffer tail(Volume volume, int most) throws IOException {
        long size = volume.size();
        if (size < 0) {
            return ByteBuffer.allocate(0).asReadOnlyBuffer();
        }
        var buffer = ByteBuffer.allocate((int) Math.min(most, size));
        readUpTo(volume, size - buffer.capacity(), buffer);
        return buffer.flip().asReadOnlyBuffer();
    }

    /**
     * A part of a volume, with its extents. Closing it does not close the whole.
     *
     * @param name for people
     */
    public static Volume slice(Volume whole, long offset, long length, String name) {
        return new Slice(whole, offset, length, name);
    }

    private record Slice(Volume whole, long start, long length, String name) implements Volume {

        @Override
        public long size() {
            return length;
        }

        @Override
        public int read(long offset, ByteBuffer target) throws IOException {
            long left = length - offset;
            if (left <= 0) {
                return -1;
            }
            int limit = target.limit();
            if (target.remaining() > left) {
                target.limit(target.position() + (int) left);
            }
            try {
                return whole.read(start + offset, target);
            } finally {
                target.limit(limit);
            }
        }

        @Override
        public Extent extent(long offset) throws IOException {
            if (offset < 0 || offset >= length) {
                throw new IndexOutOfBoundsException(name + " has " + length + " bytes, asked for the run at " + offset);
            }
            var run = whole.extent(start + offset);
            return new Extent(offset, Math.min(run.length(), length - offset), run.kind());
        }

        @Override
        public <A> Optional<A> as(Class<A> ability) {
            if (ability == Stored.class) {
                return whole.as(Stored.class).map(below -> ability.cast(new Stored() {
                    @Override
                    public java.nio.channels.FileChannel channel() {
                        return below.channel();
                    }

                    @Override
                    public long position(long offset) {
                        return below.position(start + offset);
                    }

                    @Override
                    public int alignment() {
                        return below.alignment();
                    }
                }));
            }
            return Optional.empty();
        }

        @Override
        public void close() {}

        @Override
        public String toString() {
            return name;
        }
    }
}
