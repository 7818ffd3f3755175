package imprint.testing;

import imprint.api.NoSpaceException;
import imprint.api.Patch;
import imprint.api.Volume;
import imprint.api.VolumeWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Another writer that keeps a list of the calls it got and fails where it was asked to, before the one below is called. */
public final class FaultyWriter implements VolumeWriter {

    /**
     * A call as it came.
     *
     * @param what   the method's name
     * @param offset where; for "finish" the size; -1 for "commit" and "close"
     * @param length bytes; 0 where there are none
     */
    public record Call(String what, long offset, long length) {}

    private final VolumeWriter below;
    private final List<Call> calls = new ArrayList<>();
    private long room = Long.MAX_VALUE;
    private int failingWrite = -1;
    private int writes;
    private String failing = "";

    public FaultyWriter(VolumeWriter below) {
        this.below = below;
    }

    /** Bytes at or after {@code offset} find no space, though {@link #capacity} knew of no bound. */
    public FaultyWriter fullAt(long offset) {
        room = offset;
        return this;
    }

    /** The {@code number}th write or zero, from 1, fails, and no other. */
    public FaultyWriter failingWrite(int number) {
        failingWrite = number;
        return this;
    }

    /** {@code finish} fails. */
    public FaultyWriter failingFinish() {
        failing = "finish";
        return this;
    }

    /** {@code commit} fails. */
    public FaultyWriter failingCommit() {
        failing = "commit";
        return this;
    }

    /** What was called so far, in order. */
    public synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    @Override
    public long capacity() {
        return below.capacity();
    }

    @Override
    public void write(long offset, ByteBuffer data) throws IOException {
        store("write", offset, data.remaining());
        below.write(offset, data);
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        store("zero", offset, length);
        below.zero(offset, length);
    }

    @Override
    public void bad(long offset, long length) throws IOException {
        store("bad", offset, length);
        below.bad(offset, length);
    }

    @Override
    public Optional<Volume> finish(long size) throws IOException {
        keep("finish", size, 0);
        return below.finish(size);
    }

    @Override
    public void commit() throws IOException {
        keep("commit", -1, 0);
        below.commit();
    }

    @Override
    public <A> Optional<A> as(Class<A> ability) {
        if (ability == Patch.class) {
            return below.as(Patch.class).map(patch -> ability.cast((Patch) (offset, data) -> {
                keep("patch", offset, data.remaining());
                patch.patch(offset, data);
            }));
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        keep("close", -1, 0);
        below.close();
    }

    @Override
    public String toString() {
        return below.toString();
    }

    private synchronized void store(String what, long offset, long length) throws IOException {
        keep(what, offset, length);
        if (++writes == failingWrite) {
            throw new IOException(below + ", offset " + offset + ": Input/output error");
        }
        if (length > room - offset) {
            throw new NoSpaceException(below + ", offset " + room + ": no space left", null);
        }
    }

    private synchronized void keep(String what, long offset, long length) throws IOException {
        calls.add(new Call(what, offset, length));
        if (what.equals(failing)) {
            throw new IOException(below + ": " + what + " failed: Input/output error");
        }
    }
}
