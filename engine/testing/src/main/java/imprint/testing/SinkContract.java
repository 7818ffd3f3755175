package imprint.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.Extent.Kind;
import imprint.api.Extent;
import imprint.api.NoSpaceException;
import imprint.api.Patch;
import imprint.api.Sink;
import imprint.api.VolumeWriter;
import imprint.api.Volumes;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What every {@link Sink} promises. */
@ExtendWith(Seed.class)
public abstract class SinkContract {

    /** What most places can do and some cannot. */
    public enum Trait {
        /** Nothing bears the final name before the commit. Lacking (a device, a pipe): bytes go where they will stay. */
        APPEARS_AT_COMMIT,
        /** What is unfinished lies at {@code NAME.partial}, see {@link #partial}. Lacking: it is not asked. */
        NAMES_THE_PARTIAL,
        /** What was finished can be read back. Lacking: {@code finish} gives nothing. */
        READS_BACK,
        /** Earlier bytes can be patched. Lacking: no {@link Patch}. */
        PATCHES,
        /** Takes the length that it is given. Lacking (a device): keeps its own length; what follows the content is not looked at. */
        TAKES_ITS_LENGTH,
        /** Has a bound, see {@link #bounded}. Lacking: it is not asked. */
        BOUNDED
    }

    private final List<TestJob> jobs = new ArrayList<>();

    protected abstract Sink sink();

    /** A new place of the sink's kind, with room for eight mebibytes. */
    protected abstract URI place() throws Exception;

    /** What stands at the place under its final name, read past the sink; empty where nothing is. */
    protected abstract Optional<byte[]> standing(URI place) throws Exception;

    /** What stands there under its temporary name; empty where nothing is. */
    protected Optional<byte[]> partial(URI place) throws Exception {
        throw new UnsupportedOperationException("there is no temporary name");
    }

    /** A place with room for less than {@code bytes}. */
    protected URI bounded(long bytes) throws Exception {
        throw new UnsupportedOperationException("there is no bound");
    }

    protected Set<Trait> lacks() {
        return Set.of();
    }

    /** A job of its own; closed after the test, when no work may be left. */
    protected final TestJob alone() {
        var job = TestJob.alone();
        jobs.add(job);
        return job;
    }

    @AfterEach
    void leaveNoWorkBehind() {
        jobs.forEach(TestJob::close);
    }

    @Test
    void handlesItsOwnPlacesOnly() throws Exception {
        assertTrue(sink().handles(place()));
        assertFalse(sink().handles(URI.create("urn:imprint:nobody-handles-this")));
    }

    @Test
    void keepsWhatItIsGiven() throws Exception {
        for (int i = 0; i < 5; i++) {
            var content = MemoryVolume.random("content", Seed.value() + i, 1_000_003 + i * 512, 1, Kind.DATA, Kind.ZERO, Kind.DATA);
            var place = place();

            make(place, content, true);

            assertHolds(place, Contents.expected(content));
        }
    }

    @Test
    void keepsWhatFollowsTheLastCall() throws Exception {
        var content = MemoryVolume.of("content", new byte[100_000]).withRuns(List.of(
                new Extent(0, 1000, Kind.DATA), new Extent(1000, 99_000, Kind.UNUSED)));
        var place = place();

        make(place, content, true);

        if (has(Trait.TAKES_ITS_LENGTH)) {
            assertEquals(100_000, standing(place).orElseThrow().length);
        }
    }

    @Test
    void appearsAtCommitAndNotBefore() throws Exception {
        var place = place();
        boolean before = standing(place).isPresent();
        var content = MemoryVolume.random("content", Seed.value(), 200_000);
        try (var writer = sink().create(place, content.size(), alone())) {
            Contents.write(content, writer, random());
            if (has(Trait.NAMES_THE_PARTIAL)) {
                assertTrue(partial(place).isPresent(), "nothing bears the temporary name");
            }
            writer.finish(content.size());
            if (has(Trait.APPEARS_AT_COMMIT)) {
                assertFalse(standing(place).isPresent(), "something bears the final name before the commit");
            } else {
                assertTrue(before || !has(Trait.READS_BACK) || standing(place).isPresent(),
                        "APPEARS_AT_COMMIT is said to be lacking, yet nothing is there before the commit");
            }

            writer.commit();

            assertHolds(place, content.bytes());
        }
        if (has(Trait.NAMES_THE_PARTIAL)) {
            assertFalse(partial(place).isPresent(), "the temporary name is left after the commit");
        }
    }

    @Test
    void leavesWhatStoodThereWhenClosedWithoutCommit() throws Exception {
        if (!has(Trait.APPEARS_AT_COMMIT)) {
            return;
        }
        var old = MemoryVolume.random("old", Seed.value(), 50_000);
        var content = MemoryVolume.random("content", Seed.value() + 1, 200_000);
        var place = place();
        make(place, content, false);
        assertFalse(standing(place).isPresent(), "closed without commit, yet something is there");
        if (has(Trait.NAMES_THE_PARTIAL)) {
            assertFalse(partial(place).isPresent(), "closed without commit, the temporary name is left");
        }

        make(place, old, true);
        make(place, content, false);

        assertArrayEquals(old.bytes(), standing(place).orElseThrow());
        make(place, content, true);
        assertArrayEquals(content.bytes(), standing(place).orElseThrow(), "the commit did not replace what stood there");
    }

    @Test
    void touchesNothingBeforeTheFirstWrite() throws Exception {
        var old = MemoryVolume.random("old", Seed.value(), 50_000);
        var place = place();
        make(place, old, true);

        sink().create(place, 100, alone()).close();

        if (has(Trait.READS_BACK)) {
            assertHolds(place, old.bytes());
        }
    }

    @Test
    void canBeReadBackBeforeTheCommit() throws Exception {
        var content = MemoryVolume.random("content", Seed.value(), 300_000, 1, Kind.DATA, Kind.ZERO);
        var expected = Contents.expected(content);
        try (var writer = sink().create(place(), content.size(), alone())) {
            Contents.write(content, writer, random());

            var finished = writer.finish(content.size());

            assertEquals(has(Trait.READS_BACK), finished.isPresent());
            if (finished.isPresent()) {
                var back = ByteBuffer.allocate(expected.length);
                Volumes.readFully(finished.get(), 0, back);
                assertArrayEquals(expected, back.array());
                finished.get().close();
            }
            writer.commit();
        }
    }

    @Test
    void patchesOrSaysThatItCannot() throws Exception {
        var content = MemoryVolume.random("content", Seed.value(), 300_000).bytes();
        var place = place();
        try (var writer = sink().create(place, content.length, alone())) {
            writer.write(0, ByteBuffer.wrap(content));
            assertEquals(has(Trait.PATCHES), writer.as(Patch.class).isPresent());
            if (has(Trait.PATCHES)) {
                var patch = MemoryVolume.random("patch", Seed.value() + 1, 70_001).bytes();
                writer.as(Patch.class).get().patch(1234, ByteBuffer.wrap(patch));
                System.arraycopy(patch, 0, content, 1234, patch.length);
            }
            writer.finish(content.length);
            writer.commit();
        }
        assertHolds(place, content);
    }

    @Test
    void saysThatThereIsNoSpace() throws Exception {
        if (!has(Trait.BOUNDED)) {
            assertThrows(UnsupportedOperationException.class, () -> bounded(1), "BOUNDED is said to be lacking");
            return;
        }
        var content = MemoryVolume.random("content", Seed.value(), 16 << 20);
        var place = bounded(content.size());

        assertThrows(NoSpaceException.class, () -> sink().create(place, content.size(), alone()).close(), "asked before the first byte");
        assertThrows(NoSpaceException.class, () -> {
            try (var writer = sink().create(place, -1, alone())) {
                assertTrue(writer.capacity() >= 0);
                Contents.write(content, writer, random());
                writer.finish(content.size());
            }
        }, "met on the way");
    }

    private void make(URI place, MemoryVolume content, boolean commit) throws Exception {
        try (VolumeWriter writer = sink().create(place, content.size(), alone())) {
            Contents.write(content, writer, random());
            writer.finish(content.size());
            if (commit) {
                writer.commit();
            }
        }
    }

    private void assertHolds(URI place, byte[] expected) throws Exception {
        var found = standing(place).orElseThrow(() -> new AssertionError("nothing stands at " + place));
        assertArrayEquals(expected, has(Trait.TAKES_ITS_LENGTH) ? found : Arrays.copyOf(found, expected.length));
    }

    private boolean has(Trait trait) {
        return !lacks().contains(trait);
    }

    private static Random random() {
        return new Random(Seed.value());
    }
}
