package imprint.testing;

import imprint.api.Extent;
import imprint.api.Extent.Kind;
import imprint.api.NoSpaceException;
import imprint.api.Patch;
import imprint.api.Volume;
import imprint.api.VolumeWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A volume being made in memory, whose state can be looked at. Strict: a call that the contract of {@link VolumeWriter}
 * forbids (descending, overlapping, two threads at once, after the end) is an {@link AssertionError}.
 */
public final class MemoryWriter implements VolumeWriter {

    private final String name;
    private final long capacity;
    private final boolean stream;
    private final Consumer<MemoryVolume> onCommit;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final List<Extent> runs = new ArrayList<>();
    private byte[] bytes = new byte[0];
    private long end;
    private MemoryVolume finished;
    private boolean committed;
    private boolean closed;

    private MemoryWriter(String name, long capacity, boolean stream, Consumer<MemoryVolume> onCommit) {
        this.name = name;
        this.capacity = capacity;
        this.stream = stream;
        this.onCommit = onCommit;
    }

    /** One without bound that can be patched and read back, like a file. */
    public static MemoryWriter named(String name) {
        return new MemoryWriter(name, Long.MAX_VALUE, false, volume -> { });
    }

    /** The same with room for {@code capacity} bytes. */
    public MemoryWriter bounded(long capacity) {
        return new MemoryWriter(name, capacity, stream, onCommit);
    }

    /** The same that can neither be patched nor read back, like a pipe. */
    public MemoryWriter asStream() {
        return new MemoryWriter(name, capacity, true, onCommit);
    }

    MemoryWriter whenCommitted(Consumer<MemoryVolume> then) {
        return new MemoryWriter(name, capacity, stream, then);
    }

    public boolean isFinished() {
        return finished != null;
    }

    public boolean isCommitted() {
        return committed;
    }

    public boolean isClosed() {
        return closed;
    }

    /** What stands under the final name: nothing before the commit. */
    public Optional<MemoryVolume> committed() {
        return committed ? Optional.of(fresh()) : Optional.empty();
    }

    /** Everything written so far; gaps are zeroes. */
    public byte[] bytes() {
        return Arrays.copyOf(bytes, (int) (finished != null ? finished.size() : end));
    }

    @Override
    public long capacity() {
        return capacity;
    }

    @Override
    public void write(long offset, ByteBuffer data) throws IOException {
        int length = data.remaining();
        call(offset, length, Kind.DATA, () -> {
            data.get(bytes, (int) offset, length);
        });
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        call(offset, length, Kind.ZERO, () -> { });
    }

    @Override
    public void bad(long offset, long length) throws IOException {
        call(offset, length, Kind.BAD, () -> { });
    }

    @Override
    public Optional<Volume> finish(long size) throws IOException {
        require(finished == null, "finished twice");
        require(!closed, "finished after it was closed");
        require(size >= end, "finished with " + size + " bytes, " + end + " were written");
        room(size);
        grow(size);
        bytes = Arrays.copyOf(bytes, (int) size);
        gap(size);
        finished = fresh();
        return stream ? Optional.empty() : Optional.of(finished);
    }

    @Override
    public void commit() {
        require(finished != null, "committed before it was finished");
        require(!committed, "committed twice");
        require(!closed, "committed after it was closed");
        committed = true;
        onCommit.accept(fresh());
    }

    @Override
    public <A> Optional<A> as(Class<A> ability) {
        return ability == Patch.class && !stream ? Optional.of(ability.cast((Patch) this::patch)) : Optional.empty();
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return name;
    }

    private void patch(long offset, ByteBuffer data) {
        alone(() -> {
            require(finished == null && !closed, "patched after its end");
            require(offset >= 0 && offset + data.remaining() <= end,
                    "patched " + data.remaining() + " bytes at " + offset + ", only " + end + " were written");
            int length = data.remaining();
            data.get(bytes, (int) offset, length);
            becomeData(offset, offset + length);
        });
    }

    private void call(long offset, long length, Kind kind, Runnable store) throws IOException {
        require(finished == null && !closed, "written to after its end");
        require(offset >= end, "written at " + offset + " after " + end + " bytes");
        require(length >= 0, "a run of " + length + " bytes");
        room(offset + length);
        alone(() -> {
            grow(offset + length);
            gap(offset);
            store.run();
            if (length > 0) {
                runs.add(new Extent(offset, length, kind));
                end = offset + length;
            }
        });
    }

    private void gap(long upTo) {
        if (upTo > end) {
            runs.add(new Extent(end, upTo - end, Kind.UNUSED));
            end = upTo;
        }
    }

    private void becomeData(long from, long to) {
        var parts = new ArrayList<Extent>();
        for (var run : runs) {
            if (run.end() <= from || run.offset() >= to) {
                parts.add(run);
                continue;
            }
            if (run.offset() < from) {
                parts.add(run.within(run.offset(), from));
            }
            var inside = run.within(from, to);
            parts.add(new Extent(inside.offset(), inside.length(), Kind.DATA));
            if (run.end() > to) {
                parts.add(run.within(to, run.end()));
            }
        }
        runs.clear();
        runs.addAll(parts);
    }

    private MemoryVolume fresh() {
        return MemoryVolume.of(name, bytes).withRuns(runs);
    }

    private void room(long needed) throws IOException {
        if (needed > capacity) {
            throw new NoSpaceException(name + " has room for " + capacity + " bytes, " + needed + " are needed", null);
        }
    }

    private void grow(long needed) {
        require(needed <= Integer.MAX_VALUE - 8, "a writer in memory cannot take " + needed + " bytes");
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, bytes.length * 2L)));
        }
    }

    private void alone(Runnable step) {
        require(busy.compareAndSet(false, true), "written to by two threads at once");
        try {
            step.run();
        } finally {
            busy.set(false);
        }
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(name + " was " + otherwise);
        }
    }
}
