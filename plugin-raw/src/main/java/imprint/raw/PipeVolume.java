package imprint.raw;

import imprint.api.Volume;
import imprint.api.VolumeException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

/**
 * Bytes that come once: a pipe. Reads ascend; what is jumped over is gone. Its first bytes are kept, so that formats can
 * look at them before one of them begins to read.
 */
final class PipeVolume implements Volume {

    /** Bytes that can be read again. */
    static final int KEPT = 1 << 20;

    private static final int PIECE = 64 * 1024;

    private final String name;
    private final ReadableByteChannel channel;
    private final Closeable owner;
    private byte[] head = new byte[PIECE];
    private long passed;
    private boolean ended;
    private boolean closed;

    /** @param owner closed with the volume */
    PipeVolume(String name, ReadableByteChannel channel, Closeable owner) {
        this.name = name;
        this.channel = channel;
        this.owner = owner;
    }

    @Override
    public long size() {
        return -1;
    }

    @Override
    public synchronized int read(long offset, ByteBuffer target) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        if (offset < passed && offset >= Math.min(passed, KEPT)) {
            throw new VolumeException.Unsupported(this, offset, "these bytes have passed and a pipe cannot go back (it stands at "
                    + passed + "); save it to a file first");
        }
        while (passed < offset) {
            var skipped = ByteBuffer.allocate((int) Math.min(PIECE, offset - passed));
            if (pull(skipped) < 0) {
                return -1;
            }
        }
        if (offset < passed) {
            int length = (int) Math.min(Math.min(passed, KEPT) - offset, target.remaining());
            target.put(head, (int) offset, length);
            return length;
        }
        return pull(target);
    }

    /** The next bytes of the pipe. */
    private int pull(ByteBuffer target) throws IOException {
        if (ended) {
            return -1;
        }
        int start = target.position();
        int got;
        try {
            got = channel.read(target);
        } catch (ClosedChannelException ending) {
            throw ending;
        } catch (IOException failure) {
            throw new VolumeException.Unreadable(this, passed, target.remaining(), failure);
        }
        if (got < 0) {
            ended = true;
            return -1;
        }
        if (passed < KEPT) {
            keep(target, start, (int) Math.min(got, KEPT - passed));
        }
        passed += got;
        return got;
    }

    private void keep(ByteBuffer from, int start, int length) {
        int end = (int) passed + length;
        if (end > head.length) {
            head = Arrays.copyOf(head, Math.min(KEPT, Math.max(end, head.length * 4)));
        }
        from.get(start, head, (int) passed, length);
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        owner.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
