package imprint.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.Extent.Kind;
import imprint.api.Place;
import imprint.api.Source;
import imprint.api.Stored;
import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.Volumes;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What every {@link Source} promises. */
@ExtendWith(Seed.class)
public abstract class SourceContract {

    /** What most places can do and some cannot. */
    public enum Trait {
        /** Goes back. Lacking: asking for bytes that have passed is {@link VolumeException.Unsupported}. */
        SEEKS,
        /** Knows how long it is. Lacking: size is -1. */
        KNOWS_ITS_SIZE,
        /** Something can be absent. Lacking: {@link #absent} is not asked. */
        CAN_BE_ABSENT,
        /** {@link #stored} can look at the place past the source. Lacking: it cannot be shown that reading alters nothing. */
        CAN_BE_LOOKED_AT
    }

    private final List<TestJob> jobs = new ArrayList<>();

    protected abstract Source source();

    /** Puts these bytes at a new place of the source's kind. */
    protected abstract URI place(byte[] content) throws Exception;

    /** A place of the source's kind where nothing is. */
    protected URI absent() throws Exception {
        throw new UnsupportedOperationException("nothing can be absent");
    }

    /** What stands at the place now, read past the source. */
    protected byte[] stored(URI place) throws Exception {
        throw new UnsupportedOperationException("nobody else can look there");
    }

    protected Set<Trait> lacks() {
        return Set.of();
    }

    /** What sizes have to be multiples of. */
    protected int unit() {
        return 1;
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
        assertTrue(source().handles(place(noise(512))));
        assertFalse(source().handles(URI.create("urn:imprint:nobody-handles-this")));
    }

    @Test
    void readsWhatStandsThere() throws Exception {
        for (int size : new int[] {1, 511, 4096, 65_537, 3_000_001}) {
            var content = noise(size);
            try (var volume = source().open(place(content), alone())) {
                assertArrayEquals(content, Contents.readAll(volume, content.length), size + " bytes");
            }
        }
    }

    @Test
    void knowsItsSizeOrSaysThatItDoesNot() throws Exception {
        var content = noise(70_001);
        var place = place(content);
        var found = source().inspect(place);
        try (var volume = source().open(place, alone())) {
            long expected = has(Trait.KNOWS_ITS_SIZE) ? content.length : -1;
            assertEquals(expected, volume.size(), "size of the volume");
            assertEquals(expected, found.size(), "size of the place");
        }
    }

    @Test
    void goesBackOrSaysThatItCannot() throws Exception {
        var content = noise(4_000_000);
        try (var volume = source().open(place(content), alone())) {
            if (has(Trait.SEEKS)) {
                readHereAndThere(volume, content, new Random(Seed.value()), 60);
            } else {
                Volumes.read(volume, 0, 3_000_000);      // a head may be kept, so that formats can look at it
                assertThrows(VolumeException.Unsupported.class, () -> volume.read(2_000_000, ByteBuffer.allocate(1)));
            }
        }
    }

    @Test
    void readsForSeveralThreadsAtOnce() throws Exception {
        if (!has(Trait.SEEKS)) {
            return; // checked by goesBackOrSaysThatItCannot
        }
        var content = noise(400_000);
        try (var threads = Executors.newFixedThreadPool(4); var volume = source().open(place(content), alone())) {
            var readers = new ArrayList<Future<Void>>();
            for (int i = 0; i < 4; i++) {
                var random = new Random(Seed.value() + i);
                Callable<Void> reader = () -> {
                    readHereAndThere(volume, content, random, 50);
                    return null;
                };
                readers.add(threads.submit(reader));
            }
            for (var reader : readers) {
                reader.get();
            }
        }
    }

    @Test
    void altersNothing() throws Exception {
        if (!has(Trait.CAN_BE_LOOKED_AT)) {
            return;
        }
        var content = noise(100_000);
        var place = place(content);

        source().inspect(place);
        try (var volume = source().open(place, alone())) {
            Contents.readAll(volume, content.length);
        }

        assertArrayEquals(content, stored(place));
    }

    @Test
    void saysThatNothingIsThere() throws Exception {
        if (!has(Trait.CAN_BE_ABSENT)) {
            assertThrows(UnsupportedOperationException.class, this::absent, "CAN_BE_ABSENT is said to be lacking");
            return;
        }
        assertTrue(source().handles(absent()), "an absent place is still of our kind");
        assertEquals(Place.Kind.ABSENT, source().inspect(absent()).kind());
        assertThrows(NoSuchFileException.class, () -> source().open(absent(), alone()).close());
    }

    @Test
    void knowsTwoNamesOfOnePlace() throws Exception {
        var place = place(noise(1000));
        var other = place(noise(1000));

        assertFalse(source().inspect(place).same(source().inspect(other)), "two places are one");
        if (has(Trait.SEEKS)) {
            assertTrue(source().inspect(place).same(source().inspect(place)), "a place is not itself");
        }
    }

    @Test
    void endsWhereTheContentEnds() throws Exception {
        var content = noise(5000);
        try (var volume = source().open(place(content), alone())) {
            Contents.readAll(volume, content.length);
            assertEquals(-1, volume.read(content.length + 1_000_000L, ByteBuffer.allocate(10)));
            if (has(Trait.SEEKS)) {
                assertEquals(0, volume.read(10, ByteBuffer.allocate(0)), "read into a full buffer");
            }
            if (has(Trait.KNOWS_ITS_SIZE)) {
                assertThrows(IndexOutOfBoundsException.class, () -> volume.extent(content.length));
            }
        }
    }

    @Test
    void saysOnlyOfZeroesThatTheyAreZeroes() throws Exception {
        var content = noise(2_000_000);
        Arrays.fill(content, 300_000, 1_700_000, (byte) 0);
        if (!has(Trait.KNOWS_ITS_SIZE)) {
            return; // nothing is known of a stream's runs
        }
        try (var volume = source().open(place(content), alone())) {
            for (long at = 0; at < content.length;) {
                var run = volume.extent(at);
                assertEquals(at, run.offset());
                for (long i = at; run.kind() != Kind.DATA && i < run.end(); i++) {
                    assertEquals(0, content[(int) i], "byte " + i + " is said to be " + run.kind());
                }
                at = run.end();
            }
        }
    }

    @Test
    void storesWhereItSaysItDoes() throws Exception {
        var content = noise(100_000);
        try (var volume = source().open(place(content), alone())) {
            var stored = volume.as(Stored.class);
            if (stored.isPresent() && stored.get().alignment() == 1) {
                var there = ByteBuffer.allocate(1000);
                stored.get().channel().read(there, stored.get().position(5000));
                assertArrayEquals(Arrays.copyOfRange(content, 5000, 6000), there.array());
            }
        }
    }

    private static void readHereAndThere(Volume volume, byte[] content, Random random, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            int at = random.nextInt(content.length);
            int length = 1 + random.nextInt(Math.min(content.length - at, 70_000));
            var buffer = random.nextBoolean() ? ByteBuffer.allocate(length) : ByteBuffer.allocateDirect(length);
            Volumes.readFully(volume, at, buffer);
            var got = new byte[length];
            buffer.flip().get(got);
            assertArrayEquals(Arrays.copyOfRange(content, at, at + length), got, length + " bytes at " + at);
        }
    }

    private byte[] noise(int size) {
        var bytes = new byte[Math.ceilDiv(size, unit()) * unit()];
        new Random(Seed.value() + size).nextBytes(bytes);
        return bytes;
    }

    private boolean has(Trait trait) {
        return !lacks().contains(trait);
    }
}
