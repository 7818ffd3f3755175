package imprint.engine;

import imprint.api.Intake;
import imprint.api.Patch;
import imprint.api.Tap;
import imprint.api.Volume;
import imprint.api.VolumeWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Shows every byte that is stored to the taps, while it is written. Several taps work at once. */
final class TappedWriter implements VolumeWriter {

    private final VolumeWriter below;
    private final Map<Tap, ExecutorService> taps = new LinkedHashMap<>();
    private long position;
    private long size = -1;
    private boolean patched;
    private Volume stored;

    TappedWriter(VolumeWriter below, Collection<Tap> taps) {
        this.below = below;
        // not the job's workers: a tap must not wait behind the codec whose output it sees
        taps.forEach(tap -> this.taps.put(tap,
                Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("imprint stored digest").factory())));
    }

    /** Bytes were rewritten, so that the taps saw something else than what is stored. */
    boolean patched() {
        return patched;
    }

    /** The stored file, read back; after {@link #finish}, and not to be closed. Null where it cannot be read back. */
    Volume stored() {
        return stored;
    }

    /** Bytes stored; after {@link #finish}. */
    long size() {
        return size;
    }

    @Override
    public long capacity() {
        return below.capacity();
    }

    @Override
    public void write(long offset, ByteBuffer data) throws IOException {
        skipTo(offset);
        var seen = new ArrayList<Future<?>>();
        taps.forEach((tap, thread) -> {
            var view = data.duplicate();
            seen.add(thread.submit(() -> {
                tap.update(view);
                return null;
            }));
        });
        position += data.remaining();
        try {
            below.write(offset, data);
        } finally {
            await(seen);
        }
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        skipTo(offset);
        zeroes(length);
        below.zero(offset, length);
    }

    @Override
    public void bad(long offset, long length) throws IOException {
        skipTo(offset);
        zeroes(length);
        below.bad(offset, length);
    }

    @Override
    public Optional<Volume> finish(long end) throws IOException {
        skipTo(end);
        size = end;
        var finished = below.finish(end);
        stored = finished.orElse(null);
        return finished;
    }

    @Override
    public void commit() throws IOException {
        below.commit();
    }

    @Override
    public <A> Optional<A> as(Class<A> ability) {
        if (ability == Patch.class) {
            return below.as(Patch.class).map(patch -> ability.cast((Patch) (offset, data) -> {
                patched = true;
                patch.patch(offset, data);
            }));
        }
        return ability == Intake.class && taps.isEmpty() ? below.as(ability) : Optional.empty();
    }

    @Override
    public void close() throws IOException {
        taps.values().forEach(ExecutorService::shutdownNow);
        below.close();
    }

    @Override
    public String toString() {
        return below.toString();
    }

    private void skipTo(long offset) throws IOException {
        if (offset > position) {
            zeroes(offset - position);
        }
    }

    private void zeroes(long length) throws IOException {
        var seen = new ArrayList<Future<?>>();
        taps.forEach((tap, thread) -> seen.add(thread.submit(() -> {
            tap.zero(length);
            return null;
        })));
        position += length;
        await(seen);
    }

    private static void await(List<Future<?>> seen) throws IOException {
        for (var one : seen) {
            try {
                one.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new java.io.InterruptedIOException("interrupted while a digest was taken");
            }
        }
    }
}
