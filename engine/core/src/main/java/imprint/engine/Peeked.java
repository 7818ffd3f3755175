package imprint.engine;

import imprint.api.Extent;
import imprint.api.Format;
import imprint.api.Volume;
import imprint.api.Volumes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A stream whose beginning has been looked at and can be read once more, although the stream cannot go back. */
final class Peeked implements Volume {

    private final Volume stream;
    private final ByteBuffer head;

    Peeked(Volume stream) throws IOException {
        this.stream = stream;
        this.head = Volumes.head(stream, Format.PROBE);
    }

    @Override
    public long size() throws IOException {
        return stream.size();
    }

    @Override
    public int read(long offset, ByteBuffer target) throws IOException {
        if (offset >= head.limit()) {
            return stream.read(offset, target);
        }
        int length = Math.min(target.remaining(), head.limit() - (int) offset);
        target.put(head.slice((int) offset, length));
        return length;
    }

    @Override
    public Extent extent(long offset) throws IOException {
        return stream.extent(offset);
    }

    @Override
    public <A> Optional<A> as(Class<A> ability) {
        return stream.as(ability);
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    @Override
    public String toString() {
        return stream.toString();
    }
}
