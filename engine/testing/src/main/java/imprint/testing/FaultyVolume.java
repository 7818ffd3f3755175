package imprint.testing;

import imprint.api.Extent;
import imprint.api.Extent.Kind;
import imprint.api.Volume;
import imprint.api.VolumeException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Another volume with faults, each as it was asked for before the first read. Faults add up: a truncated volume may be
 * slow, unreadable in places and give one byte at a time. Closing it closes the one below.
 */
public final class FaultyVolume implements Volume {

    private final Volume below;
    private final List<Extent> unreadable = new ArrayList<>();
    private final TreeMap<Long, Byte> flips = new TreeMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private long end = Long.MAX_VALUE;
    private int most = Integer.MAX_VALUE;
    private int failingRead = -1;
    private Extent hangs;

    public FaultyVolume(Volume below) {
        this.below = below;
    }

    /** Reads that touch these bytes fail as a bad sector does; those that begin before them stop there. */
    public FaultyVolume unreadable(long offset, long length) {
        unreadable.add(new Extent(offset, length, Kind.BAD));
        return this;
    }

    /** The {@code number}th read, from 1, fails, and no other. */
    public FaultyVolume failingRead(int number) {
        failingRead = number;
        return this;
    }

    /** No read gives more than {@code bytes}. */
    public FaultyVolume shortReads(int bytes) {
        most = bytes;
        return this;
    }

    /** No read gives more than one byte. */
    public FaultyVolume byteAtATime() {
        return shortReads(1);
    }

    /** The byte at {@code offset} has the bits of {@code mask} turned over. */
    public FaultyVolume flipped(long offset, int mask) {
        flips.merge(offset, (byte) mask, (a, b) -> (byte) (a ^ b));
        return this;
    }

    /** The volume ends after {@code size} bytes. */
    public FaultyVolume truncated(long size) {
        end = size;
        return this;
    }

    /** A read that touches these bytes does not return before {@link #release}, or the thread is interrupted. */
    public FaultyVolume hanging(long offset, long length) {
        hangs = new Extent(offset, length, Kind.DATA);
        return this;
    }

    /** Waits until a read hangs. */
    public void awaitHang() throws InterruptedException {
        hanging.await();
    }

    /** Lets every read that hangs go on. */
    public void release() {
        released.countDown();
    }

    /** Reads asked for so far. */
    public int reads() {
        return reads.get();
    }

    @Override
    public long size() throws IOException {
        return Math.min(below.size(), end);
    }

    @Override
    public int read(long offset, ByteBuffer target) throws IOException {
        if (reads.incrementAndGet() == failingRead) {
            throw new VolumeException.Unreadable(this, offset, target.remaining(), new IOException("Input/output error"));
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        if (offset >= end) {
            return -1;
        }
        long length = Math.min(Math.min(target.remaining(), most), end - offset);
        for (var bad : unreadable) {
            if (offset >= bad.offset() && offset < bad.end()) {
                throw new VolumeException.Unreadable(this, offset, bad.end() - offset, new IOException("Input/output error"));
            }
            if (bad.offset() > offset) {
                length = Math.min(length, bad.offset() - offset);
            }
        }
        if (hangs != null && offset < hangs.end() && offset + length > hangs.offset()) {
            hang();
        }
        int limit = target.limit();
        int start = target.position();
        target.limit(start + (int) length);
        try {
            int got = below.read(offset, target);
            flips.subMap(offset, offset + Math.max(0, got)).forEach((at, mask) -> {
                int index = start + (int) (at - offset);
                target.put(index, (byte) (target.get(index) ^ mask));
            });
            return got;
        } finally {
            target.limit(limit);
        }
    }

    /** As below: a fault is found by reading. */
    @Override
    public Extent extent(long offset) throws IOException {
        if (offset >= end) {
            throw new IndexOutOfBoundsException(this + " has " + end + " bytes, asked for the run at " + offset);
        }
        var run = below.extent(offset);
        return end < run.end() ? run.within(offset, end) : run;
    }

    /** None: what goes past {@link #read} would go past the faults. */
    @Override
    public <A> Optional<A> as(Class<A> ability) {
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        released.countDown();
        below.close();
    }

    @Override
    public String toString() {
        return below.toString();
    }

    private void hang() throws IOException {
        hanging.countDown();
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var interrupted = new InterruptedIOException(this + ": interrupted in a read that hung");
            interrupted.initCause(e);
            throw interrupted;
        }
    }
}
