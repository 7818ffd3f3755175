package imprint.codec;

import imprint.api.CancelledException;
import imprint.api.Job;
import imprint.api.Volume;
import imprint.api.VolumeWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Content cut into frames that start at multiples of one size, packed on the job's workers, and laid down in order by the
 * thread that writes. Gaps, and whatever a format calls zero or bad, become zeroes; long runs of them become long frames
 * that are packed once and laid down again and again.
 */
public final class FrameWriter implements VolumeWriter {

    private final VolumeWriter image;
    private final Packing packing;
    private final int frameSize;
    private final int largestZeroes;
    private final Job job;
    private final int slotCount;
    private final ByteBuffer zeroes;
    private final Map<Integer, ByteBuffer> zeroFrames = new HashMap<>();
    private final ConcurrentLinkedDeque<Packing.Packer> packers = new ConcurrentLinkedDeque<>();     // one per worker: some are large
    private final ArrayDeque<Slot> idle = new ArrayDeque<>();
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private final FrameIndex index = new FrameIndex();
    private Slot filling;
    private int slots;
    private long position;                                    // of the content
    private long laid;                                        // bytes in the image

    /** Buffers for one frame. */
    private final class Slot {
        final ByteBuffer content = ByteBuffer.allocateDirect(frameSize);
        final ByteBuffer packed = ByteBuffer.allocateDirect(packing.bound(frameSize));
        boolean empty;                                        // nothing but zeroes

        /** On a worker. */
        void pack() {
            empty = content.hasRemaining() && content.mismatch(zeroes.slice(0, content.remaining())) < 0;
            if (!empty) {
                var idlePacker = packers.poll();
                var packer = idlePacker != null ? idlePacker : packing.packer();
                try {
                    packer.pack(content.duplicate(), packed.clear());
                } finally {
                    packers.push(packer);
                }
                packed.flip();
            }
        }
    }

    /** What is laid down next: a frame that is being packed, or a run of zeroes. */
    private record Pending(Slot slot, Future<?> done, long zeroLength) {}

    /**
     * @param image         taken over
     * @param frameSize     bytes of content per frame
     * @param largestZeroes bytes of a frame of zeroes, a multiple of {@code frameSize}
     */
    public FrameWriter(VolumeWriter image, Packing packing, int frameSize, int largestZeroes, Job job) {
        this.image = image;
        this.packing = packing;
        this.frameSize = frameSize;
        this.largestZeroes = largestZeroes;
        this.job = job;
        // one is filled, one is laid down, and each worker has one at hand
        long affordable = job.memory() / 2 / ((long) frameSize + packing.bound(frameSize));
        this.slotCount = Math.clamp(affordable, 1, job.threads() + 2);
        this.zeroes = ByteBuffer.allocateDirect(frameSize).asReadOnlyBuffer();
    }

    /** No bound: how well content packs is not known beforehand. */
    @Override
    public long capacity() {
        return Long.MAX_VALUE;
    }

    @Override
    public void write(long offset, ByteBuffer data) throws IOException {
        advance(offset);
        while (data.hasRemaining()) {
            var content = slot().content;
            int length = Math.min(data.remaining(), content.remaining());
            content.put(content.position(), data, data.position(), length);
            content.position(content.position() + length);
            data.position(data.position() + length);
            position += length;
            sealIfFull();
        }
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        advance(offset);
        advance(Math.addExact(offset, length));
    }

    @Override
    public Optional<Volume> finish(long size) throws IOException {
        advance(size);
        if (filling != null || size == 0) {
            slot();
            seal();
        }
        while (!pending.isEmpty()) {
            layFirst();
        }
        packing.tail(index, this::lay);
        release();
        var finished = image.finish(laid);
        return finished.isPresent() ? Optional.of(packing.open(finished.get())) : Optional.empty();
    }

    @Override
    public void commit() throws IOException {
        image.commit();
    }

    @Override
    public void close() throws IOException {
        try (image) {
            release();
        }
    }

    @Override
    public String toString() {
        return image.toString();
    }

    /** Zeroes from where the content stands to {@code offset}. */
    private void advance(long offset) throws IOException {
        if (offset < position) {
            throw new IllegalArgumentException(this + ": written at " + offset + ", but " + position + " bytes stand there already");
        }
        while (position < offset) {
            long missing = offset - position;
            if (filling == null && missing >= frameSize) {    // frames of zeroes begin on the grid too
                long whole = missing - missing % frameSize;
                pending.add(new Pending(null, null, whole));
                position += whole;
                layWhatIsDone();
                continue;
            }
            var content = slot().content;
            int length = (int) Math.min(missing, content.remaining());
            content.put(content.position(), zeroes, 0, length);
            content.position(content.position() + length);
            position += length;
            sealIfFull();
        }
    }

    private Slot slot() throws IOException {
        if (filling == null) {
            while (idle.isEmpty() && slots == slotCount) {
                layFirst();
            }
            if (idle.isEmpty()) {
                idle.add(new Slot());
                slots++;
            }
            filling = idle.remove();
            filling.content.clear();
        }
        return filling;
    }

    private void sealIfFull() throws IOException {
        if (!filling.content.hasRemaining()) {
            seal();
        }
    }

    private void seal() throws IOException {
        if (job.cancelled()) {
            throw new CancelledException();
        }
        var slot = filling;
        filling = null;
        slot.content.flip();
        pending.add(new Pending(slot, job.workers().submit(slot::pack), 0));
        layWhatIsDone();
    }

    private void layWhatIsDone() throws IOException {
        while (!pending.isEmpty() && (pending.peek().done == null || pending.peek().done.isDone())) {
            layFirst();
        }
    }

    /** Waits for the frame whose turn it is. */
    private void layFirst() throws IOException {
        var first = pending.peek();
        if (first.slot == null) {
            pending.remove();
            layZeroes(first.zeroLength);
            return;
        }
        await(first.done);
        pending.remove();
        var slot = first.slot;
        int length = slot.content.limit();
        if (slot.empty) {
            layZeroes(length);
        } else {
            index.add(slot.packed.remaining(), length);
            lay(slot.packed);
        }
        idle.add(slot);
    }

    private void layZeroes(long length) throws IOException {
        for (long left = length; left > 0;) {
            if (job.cancelled()) {
                throw new CancelledException();
            }
            int part = (int) Math.min(left, largestZeroes);
            var frame = zeroFrames.computeIfAbsent(part, packing::zeroes).duplicate();
            index.add(frame.remaining(), part);
            lay(frame);
            left -= part;
        }
    }

    private void lay(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        image.write(laid, bytes);
        laid += length;
    }

    private void await(Future<?> done) throws IOException {
        try {
            done.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var interrupted = new InterruptedIOException(this + ": interrupted while a frame was packed");
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            throw new IOException(this + ": a frame could not be packed (" + e.getCause().getMessage() + ")", e.getCause());
        }
    }

    /** Gives the packers back, which no worker may be using then. */
    private void release() {
        boolean interrupted = false;
        for (var each : pending) {
            while (each.done != null && !each.done.isDone()) {
                try {
                    each.done.get();
                } catch (InterruptedException e) {
                    interrupted = true;                       // a packer in use cannot be given back: it takes milliseconds
                } catch (ExecutionException e) {
                    break;                                    // done, if badly; whoever closes early does not want the frame
                }
            }
        }
        pending.clear();
        filling = null;
        idle.clear();
        slots = 0;
        for (var packer = packers.poll(); packer != null; packer = packers.poll()) {
            packer.close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
