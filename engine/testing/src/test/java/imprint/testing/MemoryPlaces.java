package imprint.testing;

import imprint.api.Job;
import imprint.api.NoSpaceException;
import imprint.api.Patch;
import imprint.api.Place;
import imprint.api.Sink;
import imprint.api.Source;
import imprint.api.Volume;
import imprint.api.VolumeWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A toy source and sink: places "mem:NAME", kept in a map. Each {@link Flaw} is a mistake that is easily made. */
final class MemoryPlaces implements Source, Sink {

    enum Flaw {
        NONE, HANDLES_EVERYTHING, MAKES_ABSENT_UP, WRITES_IN_PLACE, LEAVES_THE_PARTIAL, CANNOT_READ_BACK, ASKS_FOR_NO_SPACE,
        ALL_ARE_ONE, ALTERS_THE_SOURCE
    }

    private static final long ROOM = 8 << 20;

    private final Flaw flaw;
    final Map<String, byte[]> places = new ConcurrentHashMap<>();

    MemoryPlaces(Flaw flaw) {
        this.flaw = flaw;
    }

    @Override
    public boolean handles(URI place) {
        return flaw == Flaw.HANDLES_EVERYTHING || "mem".equals(place.getScheme());
    }

    @Override
    public Place inspect(URI place) {
        var name = place.getSchemeSpecificPart();
        var bytes = places.get(name);
        if (bytes == null && flaw != Flaw.MAKES_ABSENT_UP) {
            return new Place(place, name, Place.Kind.ABSENT, -1, 1, ROOM, ROOM, Map.of(), List.of(), Set.of(name), Set.of());
        }
        var self = flaw == Flaw.ALL_ARE_ONE ? "place" : name;
        return new Place(place, name, Place.Kind.FILE, bytes == null ? 0 : bytes.length, 1, ROOM, ROOM, Map.of(), List.of(),
                Set.of(self), Set.of());
    }

    @Override
    public Volume open(URI place, Job job) throws IOException {
        var name = place.getSchemeSpecificPart();
        var bytes = places.get(name);
        if (bytes == null && flaw != Flaw.MAKES_ABSENT_UP) {
            throw new NoSuchFileException(name);
        }
        if (flaw == Flaw.ALTERS_THE_SOURCE && bytes.length > 10) {
            bytes = bytes.clone();
            bytes[10]++;
            places.put(name, bytes);
        }
        return MemoryVolume.of(name, bytes == null ? new byte[0] : bytes);
    }

    @Override
    public VolumeWriter create(URI place, long atMost, Job job) throws IOException {
        if (atMost > ROOM && flaw != Flaw.ASKS_FOR_NO_SPACE) {
            throw new NoSpaceException(place + " has room for " + ROOM + " bytes, " + atMost + " are asked for", null);
        }
        return new Writer(place.getSchemeSpecificPart());
    }

    private final class Writer implements VolumeWriter {

        private final String name;
        private final MemoryWriter bytes;

        Writer(String name) {
            this.name = name;
            this.bytes = MemoryWriter.named(name + ".partial").bounded(ROOM);
        }

        @Override
        public long capacity() {
            return ROOM;
        }

        @Override
        public void write(long offset, ByteBuffer data) throws IOException {
            bytes.write(offset, data);
            places.put(flaw == Flaw.WRITES_IN_PLACE ? name : name + ".partial", new byte[0]);
        }

        @Override
        public void zero(long offset, long length) throws IOException {
            bytes.zero(offset, length);
        }

        @Override
        public Optional<Volume> finish(long size) throws IOException {
            var finished = bytes.finish(size);
            return flaw == Flaw.CANNOT_READ_BACK ? Optional.empty() : finished;
        }

        @Override
        public void commit() {
            bytes.commit();
            places.put(name, bytes.bytes());
            places.remove(name + ".partial");
        }

        @Override
        public <A> Optional<A> as(Class<A> ability) {
            return ability == Patch.class ? bytes.as(ability) : Optional.empty();
        }

        @Override
        public void close() {
            if (flaw != Flaw.LEAVES_THE_PARTIAL) {
                places.remove(name + ".partial");
            }
        }
    }
}
