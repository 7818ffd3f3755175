package imprint.engine;

import imprint.api.Extent;
import imprint.api.Extent.Kind;
import imprint.api.Volume;
import imprint.api.VolumeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A volume some of whose bytes were never read from the medium: they fail here as they failed there. */
final class BadRuns implements Volume {

    private final Volume below;
    private final TreeMap<Long, Extent> bad = new TreeMap<>();

    BadRuns(Volume below, Iterable<Extent> bad) {
        this.below = below;
        bad.forEach(run -> this.bad.put(run.offset(), run));
    }

    @Override
    public long size() throws IOException {
        return below.size();
    }

    @Override
    public int read(long offset, ByteBuffer target) throws IOException {
        var here = at(offset);
        if (here != null) {
            throw new VolumeException.Unreadable(this, offset, here.end() - offset,
                    new IOException("it could not be read when the image was made"));
        }
        long room = nextAfter(offset) - offset;
        int limit = target.limit();
        if (target.remaining() > room) {
            target.limit(target.position() + (int) room);
        }
        try {
            return below.read(offset, target);
        } finally {
            target.limit(limit);
        }
    }

    @Override
    public Extent extent(long offset) throws IOException {
        var run = below.extent(offset);
        var here = at(offset);
        return here != null
                ? new Extent(offset, Math.min(here.end(), Math.max(size(), run.end())) - offset, Kind.BAD)
                : run.within(offset, Math.min(run.end(), nextAfter(offset)));
    }

    @Override
    public <A> Optional<A> as(Class<A> ability) {
        return ability == imprint.api.Stored.class ? Optional.empty() : below.as(ability);
    }

    @Override
    public void close() throws IOException {
        below.close();
    }

    @Override
    public String toString() {
        return below.toString();
    }

    private Extent at(long offset) {
        Map.Entry<Long, Extent> entry = bad.floorEntry(offset);
        return entry != null && entry.getValue().end() > offset ? entry.getValue() : null;
    }

    private long nextAfter(long offset) {
        var next = bad.higherKey(offset);
        return next == null ? Long.MAX_VALUE : next;
    }
}
