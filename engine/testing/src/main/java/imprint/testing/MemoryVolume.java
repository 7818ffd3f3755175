package imprint.testing;

import imprint.api.Extent;
import imprint.api.Extent.Kind;
import imprint.api.Volume;
import imprint.api.VolumeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * A volume whose bytes lie in an array. Reading a BAD run throws; ZERO runs read as zeroes whatever the array holds;
 * UNUSED runs read as the array has them, as on a disk.
 */
public final class MemoryVolume implements Volume {

    private final String name;
    private final byte[] bytes;
    private final TreeMap<Long, Extent> runs;
    private volatile boolean closed;

    private MemoryVolume(String name, byte[] bytes, List<Extent> runs) {
        this.name = name;
        this.bytes = bytes;
        this.runs = new TreeMap<>();
        long end = 0;
        for (var run : runs) {
            if (run.offset() != end) {
                throw new IllegalArgumentException(name + ": a run starts at " + run.offset() + ", the one before ends at " + end);
            }
            this.runs.put(run.offset(), run);
            end = run.end();
        }
        if (end != bytes.length) {
            throw new IllegalArgumentException(name + ": the runs end at " + end + " of " + bytes.length + " bytes");
        }
    }

    /** All DATA. The array is not copied. */
    public static MemoryVolume of(String name, byte[] bytes) {
        return new MemoryVolume(name, bytes, bytes.length == 0 ? List.of() : List.of(new Extent(0, bytes.length, Kind.DATA)));
    }

    /** The same bytes with other runs, which have to cover the volume in ascending order. */
    public MemoryVolume withRuns(List<Extent> runs) {
        return new MemoryVolume(name, bytes, runs);
    }

    /** The same, open again. */
    public MemoryVolume reopened() {
        return new MemoryVolume(name, bytes, List.copyOf(runs.values()));
    }

    /** DATA of which a codec can pack some and not other: noise, repetition and text by turns, a function of the seed. */
    public static MemoryVolume random(String name, long seed, int size) {
        var random = new Random(seed);
        var bytes = new byte[size];
        for (int at = 0; at < size;) {
            int end = at + 1 + random.nextInt(Math.min(size - at, 70_000));
            switch (random.nextInt(3)) {
                case 0 -> {
                    var noise = new byte[end - at];
                    random.nextBytes(noise);
                    System.arraycopy(noise, 0, bytes, at, noise.length);
                }
                case 1 -> Arrays.fill(bytes, at, end, (byte) random.nextInt());
                default -> {
                    for (int i = at; i < end; i++) {
                        bytes[i] = (byte) "the quick brown fox ".charAt(i % 20);
                    }
                }
            }
            at = end;
        }
        return of(name, bytes);
    }

    /**
     * The same with runs of the given kinds, drawn from the seed.
     *
     * @param unit  bytes that every run starts at a multiple of
     * @param kinds at least one
     */
    public static MemoryVolume random(String name, long seed, int size, int unit, Kind... kinds) {
        var random = new Random(~seed);
        var runs = new ArrayList<Extent>();
        for (long at = 0; at < size;) {
            long length = Math.min(size - at, (long) unit * (1 + random.nextInt(Math.max(1, Math.min(size, 200_000) / unit))));
            runs.add(new Extent(at, length, kinds[random.nextInt(kinds.length)]));
            at += length;
        }
        return random(name, seed, size).withRuns(runs);
    }

    /** The array itself: what UNUSED runs hold is there too. */
    public byte[] bytes() {
        return bytes;
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public int read(long offset, ByteBuffer target) throws IOException {
        if (closed) {
            throw new IOException(name + ": read after it was closed");
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        if (offset >= bytes.length) {
            return -1;
        }
        var run = extent(offset);
        if (run.kind() == Kind.BAD) {
            throw new VolumeException.Unreadable(this, offset, run.length(), null);
        }
        int length = (int) Math.min(target.remaining(), run.length());
        if (run.kind() == Kind.ZERO) {
            target.put(new byte[length]);
        } else {
            target.put(bytes, (int) offset, length);
        }
        return length;
    }

    @Override
    public Extent extent(long offset) {
        if (offset < 0 || offset >= bytes.length) {
            throw new IndexOutOfBoundsException(name + " has " + bytes.length + " bytes, asked for the run at " + offset);
        }
        return runs.floorEntry(offset).getValue().within(offset, bytes.length);
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return name;
    }
}
