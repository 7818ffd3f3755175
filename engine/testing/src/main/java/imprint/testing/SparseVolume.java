package imprint.testing;

import imprint.api.Extent;
import imprint.api.Extent.Kind;
import imprint.api.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A volume of any length that takes no memory: its runs and its bytes are functions of the seed and the offset.
 *
 * <p>It has at most 4096 cells. A cell is all UNUSED, all ZERO, or begins with up to 64 KiB of DATA and goes on UNUSED or
 * ZERO, so that a volume of many terabytes holds a few hundred megabytes at most.
 */
public final class SparseVolume implements Volume {

    private static final long SMALLEST_CELL = 64 * 1024;
    private static final int CELLS = 4096;

    private final String name;
    private final long seed;
    private final long size;
    private final long cell;

    public SparseVolume(String name, long seed, long size) {
        this.name = name;
        this.seed = seed;
        this.size = size;
        // a multiple of 64 KiB, so that runs lie on every format's blocks
        this.cell = Math.max(1, Math.ceilDiv(size, CELLS * SMALLEST_CELL)) * SMALLEST_CELL;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int read(long offset, ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            return 0;
        }
        if (offset >= size) {
            return -1;
        }
        var run = extent(offset);
        int length = (int) Math.min(target.remaining(), run.length());
        for (int i = 0; i < length; i++) {
            target.put(run.kind() == Kind.DATA ? byteAt(offset + i) : 0);
        }
        return length;
    }

    @Override
    public Extent extent(long offset) {
        if (offset < 0 || offset >= size) {
            throw new IndexOutOfBoundsException(name + " has " + size + " bytes, asked for the run at " + offset);
        }
        long start = offset / cell * cell;
        long draw = mix(seed ^ mix(start));
        var empty = (draw & 4) == 0 ? Kind.UNUSED : Kind.ZERO;
        long data = (draw & 3) == 0 ? 0 : start + 4096 * (1 + (draw >>> 8 & 15));
        long end = Math.min(size, offset < data ? data : start + cell);
        return new Extent(offset, end - offset, offset < data ? Kind.DATA : empty);
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return name;
    }

    private byte byteAt(long offset) {
        return (byte) (mix(seed + (offset >>> 3)) >>> (offset & 7) * 8);
    }

    /** SplitMix64's last step: every bit of the answer depends on every bit asked. */
    private static long mix(long z) {
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
