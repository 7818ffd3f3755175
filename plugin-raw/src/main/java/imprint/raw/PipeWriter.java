package imprint.raw;

import imprint.api.Volume;
import imprint.api.VolumeWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;

/** Bytes that go once: a pipe. Runs that are left out, and zeroes, are written as zeroes; nothing can be read back. */
final class PipeWriter implements VolumeWriter {

    private static final ByteBuffer ZEROES = ByteBuffer.allocateDirect(64 * 1024).asReadOnlyBuffer();

    private final String name;
    private final WritableByteChannel channel;
    private final Closeable owner;
    private long passed;

    /** @param owner closed with the writer */
    PipeWriter(String name, WritableByteChannel channel, Closeable owner) {
        this.name = name;
        this.channel = channel;
        this.owner = owner;
    }

    @Override
    public void write(long offset, ByteBuffer data) throws IOException {
        fillTo(offset);
        push(data);
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        fillTo(offset);
        fillTo(offset + length);
    }

    @Override
    public Optional<Volume> finish(long size) throws IOException {
        fillTo(size);
        return Optional.empty();
    }

    private void fillTo(long offset) throws IOException {
        if (offset < passed) {
            throw new IllegalArgumentException(name + " stands at " + passed + " and cannot go back to " + offset);
        }
        while (passed < offset) {
            push(ZEROES.duplicate().limit((int) Math.min(ZEROES.capacity(), offset - passed)));
        }
    }

    private void push(ByteBuffer data) throws IOException {
        try {
            while (data.hasRemaining()) {
                passed += channel.write(data);
            }
        } catch (IOException failure) {
            if (Kernel.is(failure, Kernel.EPIPE)) {
                throw new IOException(name + ", offset " + passed + ": the reader at the other end has gone ("
                        + failure.getMessage() + ")", failure);
            }
            throw Failures.writing(name, passed, data.remaining(), failure);
        }
    }

    @Override
    public void commit() {}

    @Override
    public void close() throws IOException {
        owner.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
