package imprint.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import imprint.api.Sink;
import imprint.api.Source;
import imprint.testing.MemoryPlaces.Flaw;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contracts of sources and sinks on a sound toy, and on one with each flaw. */
class PlacesContractTest {

    private static final Map<Flaw, String> RED_SOURCE = Map.of(
            Flaw.HANDLES_EVERYTHING, "handlesItsOwnPlacesOnly",
            Flaw.MAKES_ABSENT_UP, "saysThatNothingIsThere",
            Flaw.ALL_ARE_ONE, "knowsTwoNamesOfOnePlace",
            Flaw.ALTERS_THE_SOURCE, "altersNothing");

    private static final Map<Flaw, String> RED_SINK = Map.of(
            Flaw.HANDLES_EVERYTHING, "handlesItsOwnPlacesOnly",
            Flaw.WRITES_IN_PLACE, "appearsAtCommitAndNotBefore",
            Flaw.LEAVES_THE_PARTIAL, "leavesWhatStoodThereWhenClosedWithoutCommit",
            Flaw.CANNOT_READ_BACK, "canBeReadBackBeforeTheCommit",
            Flaw.ASKS_FOR_NO_SPACE, "saysThatThereIsNoSpace");

    @ParameterizedTest
    @EnumSource(names = {"HANDLES_EVERYTHING", "MAKES_ABSENT_UP", "ALL_ARE_ONE", "ALTERS_THE_SOURCE"})
    void findsTheFlawOfASource(Flaw flaw) {
        var claim = Set.of(RED_SOURCE.get(flaw));
        assertEquals(new TreeSet<>(claim), Suites.red(FlawedSource.class, Map.of("flaw", flaw.name()), claim));
    }

    @ParameterizedTest
    @EnumSource(names = {"HANDLES_EVERYTHING", "WRITES_IN_PLACE", "LEAVES_THE_PARTIAL", "CANNOT_READ_BACK", "ASKS_FOR_NO_SPACE"})
    void findsTheFlawOfASink(Flaw flaw) {
        var claim = Set.of(RED_SINK.get(flaw));
        assertEquals(new TreeSet<>(claim), Suites.red(FlawedSink.class, Map.of("flaw", flaw.name()), claim));
    }

    @Nested
    class SoundSource extends FlawedSource {}

    @Nested
    class SoundSink extends FlawedSink {}

    static class FlawedSource extends SourceContract {

        private final MemoryPlaces places = new MemoryPlaces(flaw());
        private final AtomicInteger count = new AtomicInteger();

        @Override
        protected Source source() {
            return places;
        }

        @Override
        protected URI place(byte[] content) {
            var name = "place" + count.incrementAndGet();
            places.places.put(name, content);
            return URI.create("mem:" + name);
        }

        @Override
        protected URI absent() {
            return URI.create("mem:absent");
        }

        @Override
        protected byte[] stored(URI place) {
            return places.places.get(place.getSchemeSpecificPart());
        }
    }

    static class FlawedSink extends SinkContract {

        private final MemoryPlaces places = new MemoryPlaces(flaw());
        private final AtomicInteger count = new AtomicInteger();

        @Override
        protected Sink sink() {
            return places;
        }

        @Override
        protected URI place() {
            return URI.create("mem:place" + count.incrementAndGet());
        }

        @Override
        protected URI bounded(long bytes) {
            return place();
        }

        @Override
        protected Optional<byte[]> standing(URI place) {
            return Optional.ofNullable(places.places.get(place.getSchemeSpecificPart()));
        }

        @Override
        protected Optional<byte[]> partial(URI place) {
            return Optional.ofNullable(places.places.get(place.getSchemeSpecificPart() + ".partial"));
        }
    }

    private static Flaw flaw() {
        var flaw = Suites.parameter("flaw");
        return flaw.isEmpty() ? Flaw.NONE : Flaw.valueOf(flaw);
    }
}
