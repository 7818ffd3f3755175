package imprint.testing;

import imprint.api.Volume;
import imprint.api.VolumeException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of another volume as a pipe gives them: no size, nothing that has passed comes again. */
public final class StreamVolume implements Volume {

    private final Volume below;
    private long passed;

    public StreamVolume(Volume below) {
        this.below = below;
    }

    @Override
    public long size() {
        return -1;
    }

    @Override
    public synchronized int read(long offset, ByteBuffer target) throws IOException {
        if (offset < passed) {
            throw new VolumeException.Unsupported(this, offset, "a stream cannot go back, " + passed + " bytes have passed");
        }
        int got = below.read(offset, target);
        passed = Math.max(passed, offset + Math.max(got, 0));
        return got;
    }

    @Override
    public void close() throws IOException {
        below.close();
    }

    @Override
    public String toString() {
        return below.toString();
    }
}
