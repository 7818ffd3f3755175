package imprint.raw;

import imprint.api.Job;
import imprint.api.Place;
import imprint.api.Sink;
import imprint.api.Volume;
import imprint.api.VolumeWriter;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Component;

/** {@code null:-} takes everything and keeps nothing: copying there reads, and so checks, all of the source. */
@Component
public final class NullSink implements Sink {

    @Override
    public boolean handles(URI place) {
        return "null".equalsIgnoreCase(place.getScheme());
    }

    @Override
    public Place inspect(URI place) {
        return new Place(place, "nothing", Place.Kind.STREAM, -1, 1, Long.MAX_VALUE, Long.MAX_VALUE, Map.of(), List.of(),
                Set.of(), Set.of());
    }

    @Override
    public VolumeWriter create(URI place, long atMost, Job job) {
        return new Nothing();
    }

    private static final class Nothing implements VolumeWriter {

        @Override
        public void write(long offset, ByteBuffer data) {
            data.position(data.limit());
        }

        @Override
        public void zero(long offset, long length) {}

        @Override
        public Optional<Volume> finish(long size) {
            return Optional.empty();
        }

        @Override
        public void commit() {}

        @Override
        public void close() {}

        @Override
        public String toString() {
            return "nothing";
        }
    }
}
