package imprint.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.Extent.Kind;
import imprint.api.FileSet;
import imprint.api.Imprint;
import imprint.api.Integrity;
import imprint.api.Job;
import imprint.api.Layer;
import imprint.api.Place;
import imprint.api.Plan;
import imprint.api.Report;
import imprint.api.Sink;
import imprint.api.Source;
import imprint.api.Tap;
import imprint.api.Volume;
import imprint.api.VolumeWriter;
import imprint.testing.FaultyVolume;
import imprint.testing.FaultyWriter;
import imprint.testing.MemoryVolume;
import imprint.testing.MemoryWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A plan that fails somewhere between its first byte and its last commit. */
@Timeout(60)
class PlanRunTest {

    private static final int MIB = 1 << 20;
    private static final int SIZE = 3 * MIB + 77;
    private static final String IMAGE = "x.img", SUM = "x.img.sum", MANIFEST = "x.img.imprint.json";
    private static final List<String> IN_ORDER = List.of(IMAGE, SUM, MANIFEST);

    @TempDir Path folder;

    private final MemoryVolume content = MemoryVolume.random("content", 5, SIZE, 64 << 10, Kind.DATA, Kind.ZERO);
    private final Places places = new Places();
    private final Sums sums = new Sums();
    private final Engine engine = new Engine();

    PlanRunTest() {
        engine.bindSource(places, Map.of());
        engine.bindSink(places, Map.of());
        engine.bindIntegrity(sums, Map.of(Integrity.NAMES, new String[] {"sum", "other"}));
    }

    /** A fault, and how many of the final names are there in spite of it. */
    record Stage(String name, int committed, Consumer<PlanRunTest> fault) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Stage> stages() {
        return Stream.of(
                new Stage("the first read", 0, test -> test.places.source = volume -> new FaultyVolume(volume).failingRead(1)),
                new Stage("the last bytes", 0, test -> test.places.source = volume -> new FaultyVolume(volume).unreadable(SIZE - 1, 1)),
                new Stage("the end comes early", 0, test -> test.places.source = volume -> new Shrinking(volume, SIZE - 1)),
                on("the first write", IMAGE, 0, writer -> writer.failingWrite(1)),
                on("a later write", IMAGE, 0, writer -> writer.failingWrite(3)),
                on("a full disk", IMAGE, 0, writer -> writer.fullAt(MIB)),
                on("the flush", IMAGE, 0, FaultyWriter::failingFinish),
                new Stage("reading back", 0, test -> test.places.back = volume -> new FaultyVolume(volume).failingRead(1)),
                new Stage("what is read back differs", 0,
                        test -> test.places.back = volume -> new FaultyVolume(volume).flipped(firstData(test.content), 1)),
                new Stage("what is read back is short", 0, test -> test.places.back = volume -> new FaultyVolume(volume).truncated(SIZE - 1)),
                new Stage("a digest of data", 0, test -> test.sums.failing = "update"),
                new Stage("a digest of zeroes", 0, test -> test.sums.failing = "zero"),
                new Stage("sealing", 0, test -> test.sums.failing = "seal"),
                on("a write beside", SUM, 0, writer -> writer.failingWrite(1)),
                on("a flush beside", SUM, 0, FaultyWriter::failingFinish),
                on("writing the manifest", MANIFEST, 0, writer -> writer.failingWrite(1)),
                on("flushing the manifest", MANIFEST, 0, FaultyWriter::failingFinish),
                on("the image's name", IMAGE, 0, FaultyWriter::failingCommit),
                on("a name beside", SUM, 1, FaultyWriter::failingCommit),
                on("the manifest's name", MANIFEST, 2, FaultyWriter::failingCommit));
    }

    private static Stage on(String name, String file, int committed, Function<FaultyWriter, FaultyWriter> fault) {
        return new Stage(name, committed, test -> test.places.faults.put(file, fault));
    }

    @ParameterizedTest
    @MethodSource("stages")
    void aFailureAtAnyStageEndsBeforeTheNamesThatFollow(Stage stage) {
        stage.fault().accept(this);

        assertThrows(IOException.class, this::run);

        assertEquals(IN_ORDER.subList(0, stage.committed()), places.committed);
        assertTrue(places.opened.stream().allMatch(MemoryWriter::isClosed), "a file was left open");
    }

    @ParameterizedTest
    @ValueSource(strings = {"throws", "digests"})
    void aMistakeInABundleEndsBeforeAnyName(String where) {
        sums.failing = where;

        assertThrows(IllegalStateException.class, this::run);

        assertEquals(List.of(), places.committed);
        assertTrue(places.opened.stream().allMatch(MemoryWriter::isClosed), "a file was left open");
    }

    @Test
    void withoutAFaultTheImageComesFirstAndTheManifestLast() throws IOException {
        run();

        assertEquals(IN_ORDER, places.committed);
    }

    @Test
    void whatLayBesideTheOldImageIsGoneBeforeTheNewOneTakesItsName() throws IOException {
        var olds = List.of(MANIFEST, IMAGE + ".map", SUM, IMAGE + ".other");
        for (var old : olds) {
            Files.writeString(folder.resolve(old), "of the old image");
        }
        Files.writeString(folder.resolve("x.img.txt"), "somebody's own");
        places.targetKind = Place.Kind.FILE;
        places.onCommit = () -> olds.forEach(old -> assertFalse(Files.exists(folder.resolve(old)), old));

        run();

        assertTrue(Files.exists(folder.resolve("x.img.txt")));
        assertEquals(IN_ORDER, places.committed);
    }

    @Test
    void whatLiesBesideTheOldImageStaysUntilTheNewOneIsProven() throws IOException {
        Files.writeString(folder.resolve(MANIFEST), "of the old image");
        places.faults.put(MANIFEST, FaultyWriter::failingFinish);

        assertThrows(IOException.class, this::run);

        assertTrue(Files.exists(folder.resolve(MANIFEST)));
    }

    @Test
    void somebodyElsesDigestOfWhatIsRestoredStays() throws IOException {
        Files.writeString(folder.resolve(SUM), "from whoever made the image");
        var rules = new Plan.Rules(true, false, true, false, Optional.empty(), Set.of(), "");

        for (var kind : List.of(Place.Kind.ABSENT, Place.Kind.FILE)) {
            places.targetKind = kind;
            engine.run(plan().with(rules), Imprint.Terms.quiet());
        }

        assertTrue(Files.exists(folder.resolve(SUM)));
    }

    private void run() throws IOException {
        var rules = new Plan.Rules(true, true, true, false, Optional.empty(), Set.of(), "");
        engine.run(plan().with(rules), Imprint.Terms.quiet());
    }

    private Plan plan() {
        return Plan.open(folder.resolve("disk").toUri()).digested(Layer.of("sum")).to(folder.resolve(IMAGE).toUri());
    }

    private static long firstData(Volume volume) {
        try {
            long at = 0;
            while (volume.extent(at).kind() != Kind.DATA) {
                at = volume.extent(at).end();
            }
            return at;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Places that are files by name and memory by nature; what is committed is kept in order. */
    private final class Places implements Source, Sink {
        final List<String> committed = new ArrayList<>();
        final List<MemoryWriter> opened = new ArrayList<>();
        final Map<String, Function<FaultyWriter, FaultyWriter>> faults = new LinkedHashMap<>();
        Function<Volume, Volume> source = Function.identity();
        Function<Volume, Volume> back = Function.identity();
        Runnable onCommit = () -> { };
        Place.Kind targetKind = Place.Kind.ABSENT;

        @Override
        public boolean handles(URI place) {
            return true;
        }

        @Override
        public Place inspect(URI place) {
            boolean disk = place.getPath().endsWith("disk");
            return new Place(place, place.getPath(), disk ? Place.Kind.FILE : targetKind, disk ? SIZE : -1, 1,
                    Long.MAX_VALUE, Long.MAX_VALUE, Map.of(), List.of(), Set.of(place.getPath()), Set.of());
        }

        @Override
        public Volume open(URI place, Job job) {
            return source.apply(content.reopened());
        }

        @Override
        public VolumeWriter create(URI place, long atMost, Job job) {
            var name = Path.of(place).getFileName().toString();
            var memory = MemoryWriter.named(name);
            opened.add(memory);
            var faulty = faults.getOrDefault(name, Function.identity()).apply(new FaultyWriter(memory));
            return new Committing(name, faulty);
        }

        private final class Committing implements VolumeWriter {
            private final String name;
            private final VolumeWriter below;

            Committing(String name, VolumeWriter below) {
                this.name = name;
                this.below = below;
            }

            @Override
            public void write(long offset, ByteBuffer data) throws IOException {
                below.write(offset, data);
            }

            @Override
            public void zero(long offset, long length) throws IOException {
                below.zero(offset, length);
            }

            @Override
            public Optional<Volume> finish(long size) throws IOException {
                return below.finish(size).map(volume -> name.equals(IMAGE) ? back.apply(volume) : volume);
            }

            @Override
            public void commit() throws IOException {
                onCommit.run();
                below.commit();
                committed.add(name);
            }

            @Override
            public void close() throws IOException {
                below.close();
            }
        }
    }

    /** A file that lost its end after it was opened. */
    private record Shrinking(Volume below, long end) implements Volume {
        @Override
        public long size() throws IOException {
            return below.size();
        }

        @Override
        public int read(long offset, ByteBuffer target) throws IOException {
            if (offset >= end) {
                return -1;
            }
            int limit = target.limit();
            target.limit((int) Math.min(limit, target.position() + end - offset));
            try {
                return below.read(offset, target);
            } finally {
                target.limit(limit);
            }
        }

        @Override
        public void close() throws IOException {
            below.close();
        }
    }

    /** A digest that only counts, and fails where it is asked to. */
    private static final class Sums implements Integrity {
        String failing = "";

        @Override
        public Tap tap(String name, Map<String, String> options, Job job) {
            return new Tap() {
                private long bytes;

                @Override
                public void update(ByteBuffer data) throws IOException {
                    fail("update");
                    if (failing.equals("throws")) {
                        throw new IllegalStateException("a mistake in a bundle");
                    }
                    bytes += data.remaining();
                    data.position(data.limit());
                }

                @Override
                public void zero(long length) throws IOException {
                    fail("zero");
                    bytes += length;
                }

                @Override
                public Map<String, String> digests() {
                    if (failing.equals("digests")) {
                        throw new IllegalStateException("a mistake in a bundle");
                    }
                    return Map.of(name, Long.toHexString(bytes));
                }

                @Override
                public void seal(FileSet files) throws IOException {
                    fail("seal");
                    var writer = files.create(files.name() + "." + name);
                    writer.write(0, ByteBuffer.wrap(new byte[] {1}));
                    writer.finish(1);
                }

                private void fail(String what) throws IOException {
                    if (failing.equals(what)) {
                        throw new IOException(what + " failed");
                    }
                }
            };
        }

        @Override
        public Report verify(FileSet files, Job job) {
            return Report.unknown();
        }
    }
}
