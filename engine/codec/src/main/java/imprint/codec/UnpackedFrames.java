package imprint.codec;

import imprint.api.Extent;
import imprint.api.Extent.Kind;
import imprint.api.Facts;
import imprint.api.Job;
import imprint.api.Parallel;
import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.Volumes;
import imprint.codec.FrameIndex.Frame;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The content of an image whose frames are known by an index. Reads anywhere; what was unpacked last is kept, so that small
 * ascending reads unpack each frame once; a direct buffer that takes a whole frame gets it without a copy. Frames of
 * nothing but zeroes are ZERO. Safe for several threads, which unpack different frames at the same time.
 */
public final class UnpackedFrames implements Volume {

    private static final int LARGEST_ZERO_FRAME = 1 << 20;    // packed
    private static final int MOST_EMPTY_FRAMES = 1024;
    private static final long LONGEST_RUN = 1L << 30;         // DATA frames looked at for one extent

    private final Volume image;
    private final FrameIndex index;
    private final Unpacking unpacking;
    private final Map<String, String> facts;
    private final Job job;
    private final long largest;                               // length of a frame that is unpacked whole
    private final int slotCount;
    private final int slotContent;
    private final long grain;
    private final List<Slot> slots = new ArrayList<>();       // least recently used first; its monitor guards all slots
    private boolean closed;
    private final BitSet zeroes = new BitSet();               // both guarded by zeroes
    private final BitSet others = new BitSet();
    private volatile Proven proven = new Proven(-1, new byte[0]);
    private UnpackedStream large;                             // guarded by this
    private int largeNumber = -1;

    /** Something that unpacks, and the frame it unpacked last. */
    private static final class Slot {
        final Unpacking.Unpacker unpacker;
        ByteBuffer packed = ByteBuffer.allocateDirect(0);
        ByteBuffer content;                                   // made when first needed
        int number = -1;                                      // of the frame in content
        boolean busy;

        Slot(Unpacking.Unpacker unpacker) {
            this.unpacker = unpacker;
        }
    }

    /** The packed bytes of a frame of zeroes: frames that equal it are proven too. */
    private record Proven(long length, byte[] packed) {}

    /**
     * @param image taken over
     * @param index of all frames, checked against the size of the image
     */
    public UnpackedFrames(Volume image, FrameIndex index, Unpacking unpacking, Map<String, String> facts, Job job) {
        this.image = image;
        this.index = index;
        this.unpacking = unpacking;
        this.facts = facts;
        this.job = job;
        long budget = job.memory() / 2;
        this.largest = budget / (2L * (job.threads() + 1));
        long longest = 0;
        long widest = 0;
        for (int i = 0; i < index.count(); i++) {
            if (isWhole(i) && !unpacking.mayBeZeroes(index.packedOf(i), index.lengthOf(i))) {
                longest = Math.max(longest, index.lengthOf(i));
                widest = Math.max(widest, index.packedOf(i));
            }
        }
        this.slotContent = (int) longest;
        this.slotCount = Math.clamp(budget / Math.max(1, longest + widest), job.threads() + 1, 2 * job.threads() + 2);
        this.grain = grainOf(longest);
    }

    /**
     * Frames without content are never read, so that they are looked at beforehand.
     *
     * @return false when there are too many of them to look at each
     * @throws VolumeException.Corrupt one of them has content, or is damaged
     */
    public static boolean proveEmptyOnes(Volume image, FrameIndex index, Unpacking unpacking) throws IOException {
        long proven = 0;
        var room = ByteBuffer.allocateDirect(1);
        long at = 0;
        for (int i = 0; i < index.count(); at += index.packedOf(i), i++) {
            if (index.lengthOf(i) > 0) {
                continue;
            }
            if (++proven > MOST_EMPTY_FRAMES) {
                return false;
            }
            try (var ascent = unpacking.ascend(new PackedInput(image, at, at + index.packedOf(i)))) {
                if (ascent.read(room.clear()) >= 0) {
                    throw new VolumeException.Corrupt(image, at, index.packedOf(i), "a frame has content, expected none");
                }
            }
        }
        return true;
    }

    @Override
    public long size() {
        return index.length();
    }

    @Override
    public int read(long offset, ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            return 0;
        }
        if (offset >= index.length()) {
            return -1;
        }
        var frame = index.find(offset);
        if (isZeroes(frame)) {
            int length = (int) Math.min(target.remaining(), frame.end() - offset);
            clear(target, length);
            return length;
        }
        if (!isWhole(frame.number())) {
            return readLarge(frame, offset, target);
        }
        if (offset == frame.offset() && target.isDirect() && target.remaining() >= frame.length()) {
            return unpackInto(frame, target);
        }
        return copyFrom(frame, offset, target);
    }

    @Override
    public Extent extent(long offset) throws IOException {
        if (offset < 0 || offset >= index.length()) {
            throw new IndexOutOfBoundsException(this + " has " + index.length() + " bytes, asked for the run at " + offset);
        }
        var frame = index.find(offset);
        if (isZeroes(frame)) {
            return new Extent(offset, frame.end() - offset, Kind.ZERO);
        }
        long end = frame.end();
        for (int next = frame.number() + 1; next < index.count() && end - offset < LONGEST_RUN
                && !unpacking.mayBeZeroes(index.packedOf(next), index.lengthOf(next)); next++) {
            end += index.lengthOf(next);
        }
        return new Extent(offset, end - offset, Kind.DATA);
    }

    @Override
    public <A> Optional<A> as(Class<A> ability) {
        if (ability == Facts.class) {
            return Optional.of(ability.cast((Facts) () -> facts));
        }
        if (ability == Parallel.class && grain > 1) {
            return Optional.of(ability.cast(new Parallel() {
                @Override
                public int readers() {
                    return job.threads();
                }

                @Override
                public long grain() {
                    return grain;
                }
            }));
        }
        return Optional.empty();
    }

    /** Ends reads that are under way, and waits for them. */
    @Override
    public void close() throws IOException {
        try {
            image.close();
        } finally {
            release();
        }
    }

    @Override
    public String toString() {
        return image + ", unpacked";
    }

    private void release() throws IOException {
        synchronized (slots) {
            closed = true;
            while (slots.stream().anyMatch(slot -> slot.busy)) {
                pause();
            }
            slots.forEach(slot -> slot.unpacker.close());
            slots.clear();
        }
        synchronized (this) {
            if (large != null) {
                large.release();
                large = null;
            }
        }
    }

    /** Whether this frame is unpacked in one go: its buffers fit into the job's memory for every thread. */
    private boolean isWhole(int number) {
        return index.lengthOf(number) <= largest && index.packedOf(number) <= largest;
    }

    /** The size whose multiples never lie inside of a frame with data; 1 where there is none. */
    private long grainOf(long longest) {
        long grid = Long.MAX_VALUE;
        for (int i = 0; i < index.count() - 1; i++) {         // the last may be short
            grid = index.lengthOf(i) > 0 ? Math.min(grid, index.lengthOf(i)) : grid;
        }
        if (index.count() < 2 || longest > grid) {
            return 1;
        }
        long offset = 0;
        for (int i = 0; i < index.count(); i++) {
            boolean cheap = isWhole(i) || unpacking.mayBeZeroes(index.packedOf(i), index.lengthOf(i));
            if (index.lengthOf(i) > 0 && (offset % grid != 0 || !cheap)) {
                return 1;
            }
            offset += index.lengthOf(i);
        }
        return grid == Long.MAX_VALUE ? 1 : grid;
    }

    private int unpackInto(Frame frame, ByteBuffer target) throws IOException {
        var slot = take(-1);
        int mark = target.position();
        int limit = target.limit();
        try {
            unpack(slot, frame, target.limit(mark + (int) frame.length()));
            target.limit(limit).position(mark + (int) frame.length());
            return (int) frame.length();
        } catch (IOException | RuntimeException e) {
            target.limit(limit).position(mark);
            throw e;
        } finally {
            giveBack(slot);
        }
    }

    private int copyFrom(Frame frame, long offset, ByteBuffer target) throws IOException {
        var slot = take(frame.number());
        try {
            if (slot.content == null || slot.content.limit() == 0) {
                slot.content = slot.content == null || slot.content.capacity() < frame.length()
                        ? ByteBuffer.allocateDirect((int) Math.max(slotContent, frame.length())) : slot.content;
                unpack(slot, frame, slot.content.clear().limit((int) frame.length()));
                slot.content.position(0).limit((int) frame.length());
            }
            int from = (int) (offset - frame.offset());
            int length = (int) Math.min(target.remaining(), frame.end() - offset);
            target.put(target.position(), slot.content, from, length);
            target.position(target.position() + length);
            return length;
        } catch (IOException | RuntimeException e) {
            slot.number = -1;
            throw e;
        } finally {
            giveBack(slot);
        }
    }

    private void unpack(Slot slot, Frame frame, ByteBuffer target) throws IOException {
        if (slot.packed.capacity() < frame.packed()) {
            slot.packed = ByteBuffer.allocateDirect((int) frame.packed());
        }
        slot.packed.clear().limit((int) frame.packed());
        Volumes.readFully(image, frame.at(), slot.packed);
        slot.unpacker.unpack(slot.packed.flip(), target, frame);
    }

    /** A slot nobody else uses: the one that holds the frame, else the one whose frame was not used for longest. */
    private Slot take(int number) throws IOException {
        synchronized (slots) {
            while (true) {
                if (closed) {
                    throw new IOException(this + ": read after it was closed");
                }
                Slot holder = null;
                Slot oldest = null;
                for (var slot : slots) {
                    if (number >= 0 && slot.number == number) {
                        holder = slot;
                    } else if (!slot.busy && oldest == null) {
                        oldest = slot;
                    }
                }
                if (holder == null && slots.size() < slotCount) {
                    oldest = new Slot(unpacking.unpacker());
                    slots.add(oldest);
                }
                var chosen = holder != null ? holder : oldest;
                if (chosen != null && !chosen.busy) {
                    chosen.busy = true;
                    if (number >= 0 && chosen != holder) {
                        chosen.number = number;
                        if (chosen.content != null) {
                            chosen.content.limit(0);          // not unpacked yet
                        }
                    }
                    return chosen;
                }
                pause();
            }
        }
    }

    private void giveBack(Slot slot) {
        synchronized (slots) {
            slot.busy = false;
            slots.remove(slot);
            slots.add(slot);
            slots.notifyAll();
        }
    }

    private void pause() throws InterruptedIOException {
        try {
            slots.wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var interrupted = new InterruptedIOException(this + ": interrupted while a frame was unpacked");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    /** A frame too large to be kept is unpacked as a stream, one at a time. */
    private synchronized int readLarge(Frame frame, long offset, ByteBuffer target) throws IOException {
        if (largeNumber != frame.number() || large == null) {
            if (large != null) {
                large.release();
            }
            large = new UnpackedStream(image, frame.at(), frame.at() + frame.packed(), frame.length(), unpacking, facts, job);
            largeNumber = frame.number();
        }
        return large.read(offset - frame.offset(), target);
    }

    private boolean isZeroes(Frame frame) throws IOException {
        if (frame.packed() > LARGEST_ZERO_FRAME || !unpacking.mayBeZeroes(frame.packed(), frame.length())) {
            return false;
        }
        synchronized (zeroes) {
            if (zeroes.get(frame.number()) || others.get(frame.number())) {
                return zeroes.get(frame.number());
            }
        }
        var packed = new byte[(int) frame.packed()];
        Volumes.readFully(image, frame.at(), ByteBuffer.wrap(packed));
        var known = proven;
        boolean zero = known.length == frame.length() && Arrays.equals(known.packed, packed);
        if (!zero && unpacking.isZeroes(ByteBuffer.wrap(packed), frame)) {
            zero = true;
            proven = new Proven(frame.length(), packed);
        }
        synchronized (zeroes) {
            (zero ? zeroes : others).set(frame.number());
        }
        return zero;
    }

    private static void clear(ByteBuffer target, int length) {
        int end = target.position() + length;
        while (end - target.position() >= Long.BYTES) {
            target.putLong(0);
        }
        while (target.position() < end) {
            target.put((byte) 0);
        }
    }
}
