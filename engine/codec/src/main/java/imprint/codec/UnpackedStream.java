package imprint.codec;

import imprint.api.CancelledException;
import imprint.api.Facts;
import imprint.api.Job;
import imprint.api.Volume;
import imprint.api.VolumeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The content of an image that can only be unpacked in ascending order. A jump forward unpacks what lies between; a jump
 * back begins again at the last frame start that was passed, which in an image of one frame is the beginning. Where the
 * image itself is a stream, a jump back is refused. Safe for several threads, one at a time.
 */
public final class UnpackedStream implements Volume {

    private static final int SCRATCH = 128 * 1024;
    private static final int MOST_ENTRIES = 1 << 16;
    private static final long ENTRY_DISTANCE = 1 << 20;

    private final Volume image;
    private final long start;
    private final long end;
    private final long size;
    private final Unpacking unpacking;
    private final Map<String, String> facts;
    private final Job job;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH);
    private long[] entries = new long[16];                    // content, image by turns, ascending
    private int entryCount;
    private Unpacking.Ascent ascent;
    private long position;                                    // of the content, where the ascent stands
    private boolean atEnd;
    private boolean closed;
    private Exception failed;                                 // a stream does not come again

    /**
     * @param image taken over
     * @param size  bytes of content; -1 where it is not known
     */
    public UnpackedStream(Volume image, long size, Unpacking unpacking, Map<String, String> facts, Job job) {
        this(image, 0, Long.MAX_VALUE, size, unpacking, facts, job);
    }

    /** A part of an image: the frames that lie from {@code start} to {@code end} in it. */
    UnpackedStream(Volume image, long start, long end, long size, Unpacking unpacking, Map<String, String> facts, Job job) {
        this.image = image;
        this.start = start;
        this.end = end;
        this.size = size;
        this.unpacking = unpacking;
        this.facts = facts;
        this.job = job;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public synchronized int read(long offset, ByteBuffer target) throws IOException {
        if (closed) {
            throw new IOException(this + ": read after it was closed");
        }
        if (failed != null) {
            throw new IOException(this + ": has failed before (" + failed.getMessage() + ")", failed);
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        if (size >= 0 && offset >= size) {
            return -1;
        }
        if (image.size() < 0 && offset < position) {
            throw new VolumeException.Unsupported(this, offset, "a stream cannot go back, " + position + " bytes have passed");
        }
        int mark = target.position();
        try {
            return reach(offset) ? unpack(target) : -1;
        } catch (IOException | RuntimeException e) {
            target.position(mark);
            leave();
            if (image.size() < 0) {
                failed = e;
            }
            throw e;
        }
    }

    @Override
    public <A> Optional<A> as(Class<A> ability) {
        return ability == Facts.class ? Optional.of(ability.cast((Facts) () -> facts)) : Optional.empty();
    }

    @Override
    public void close() throws IOException {
        try {
            image.close();                                    // first, so that a read that waits for a pipe ends
        } finally {
            release();
        }
    }

    @Override
    public String toString() {
        return image + ", unpacked";
    }

    /** Closes all but the image. */
    synchronized void release() {
        closed = true;
        leave();
    }

    /** Brings the ascent to {@code offset}. @return false where the content ends before */
    private boolean reach(long offset) throws IOException {
        int entry = entryBefore(offset);
        if (ascent != null && (offset < position || entry >= 0 && entries[2 * entry] > position)) {
            leave();
        }
        if (ascent == null) {
            position = entry < 0 ? 0 : entries[2 * entry];
            atEnd = false;
            ascent = unpacking.ascend(new PackedInput(image, entry < 0 ? start : entries[2 * entry + 1], end));
        }
        while (position < offset) {
            if (job.cancelled()) {
                throw new CancelledException();
            }
            scratch.clear().limit((int) Math.min(SCRATCH, offset - position));
            if (next(scratch) < 0) {
                return false;
            }
        }
        return !atEnd;
    }

    private int unpack(ByteBuffer target) throws IOException {
        if (target.isDirect()) {
            return next(target);
        }
        int got = next(scratch.clear().limit(Math.min(SCRATCH, target.remaining())));
        target.put(scratch.flip());
        return got;
    }

    /** One step of the ascent; the last one checks that the content ends where it was said to. */
    private int next(ByteBuffer target) throws IOException {
        if (atEnd) {
            return -1;
        }
        int limit = target.limit();
        if (size >= 0 && target.remaining() > size - position) {
            target.limit(target.position() + (int) (size - position));
        }
        int got = ascent.read(target);
        target.limit(limit);
        if (got < 0) {
            atEnd = true;
            if (size >= 0) {
                throw new VolumeException.Corrupt(image, start, 0, "unpacks to " + position + " bytes, expected " + size);
            }
            return -1;
        }
        position += got;
        if (position == size) {                               // checksums and whatever follows are read before the last byte goes out
            if (ascent.read(ByteBuffer.allocateDirect(1)) >= 0) {
                throw new VolumeException.Corrupt(image, start, 0, "unpacks to more than " + size + " bytes");
            }
            atEnd = true;
        } else {
            remember(ascent.nextFrame());
        }
        return got;
    }

    private void leave() {
        if (ascent != null) {
            ascent.close();
            ascent = null;
        }
    }

    private void remember(long frame) {
        if (frame < 0 || entryCount == MOST_ENTRIES
                || position < ENTRY_DISTANCE + (entryCount == 0 ? 0 : entries[2 * entryCount - 2])) {
            return;
        }
        if (2 * entryCount == entries.length) {
            entries = Arrays.copyOf(entries, entries.length * 2);
        }
        entries[2 * entryCount] = position;
        entries[2 * entryCount + 1] = frame;
        entryCount++;
    }

    private int entryBefore(long offset) {
        int low = -1;
        int high = entryCount - 1;
        while (low < high) {
            int middle = low + high + 1 >> 1;
            if (entries[2 * middle] <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
