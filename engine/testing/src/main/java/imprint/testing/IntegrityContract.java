package imprint.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.Integrity;
import imprint.api.Report.State;
import imprint.api.Tap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What every {@link Integrity} promises, for each of its names. */
@ExtendWith(Seed.class)
public abstract class IntegrityContract {

    /** What some kinds can do and some cannot. */
    public enum Trait {
        /** Mends a flipped bit. Lacking: damage is damage, and repair changes nothing. */
        REPAIRS,
        /** Gives a digest by name. Lacking: gives none. */
        DIGESTS
    }

    protected static final String FILE = "disk.img";

    private static final long PATIENCE_SECONDS = 5;

    private final List<TestJob> jobs = new ArrayList<>();

    protected abstract Integrity integrity();

    /** Every name it goes by. */
    protected abstract List<String> names();

    protected Set<Trait> lacks() {
        return Set.of();
    }

    /** The stock tool's opinion of {@link #FILE} in this folder: whether it finds it intact. */
    protected abstract boolean stockVerifies(MemoryFileSet files, String name) throws Exception;

    /** A job on this folder; closed after the test, when no work may be left. */
    protected final TestJob in(MemoryFileSet files) {
        var job = TestJob.in(files);
        jobs.add(job);
        return job;
    }

    @AfterEach
    void leaveNoWorkBehind() {
        jobs.forEach(TestJob::close);
    }

    @Test
    void findsIntactWhatItSealed() throws Exception {
        for (var name : names()) {
            for (int size : new int[] {1, 511, 100_003, 3_000_001}) {
                var files = sealed(name, noise(size));

                var report = integrity().verify(files, in(files));

                assertEquals(State.INTACT, report.state(), name + " of " + size + " bytes: " + report.findings());
                assertEquals(size, report.covered(), name + ": bytes covered");
                assertFalse(report.by().isEmpty(), name + ": does not say what was checked against");
            }
        }
    }

    @Test
    void agreesWithTheStockTool() throws Exception {
        for (var name : names()) {
            var files = sealed(name, noise(100_003));
            assertTrue(stockVerifies(files, name), name + ": sound, yet the stock tool finds it damaged");
            files.get(FILE)[50_000] ^= 4;
            assertFalse(stockVerifies(files, name), name + ": damaged, yet the stock tool finds it sound");
        }
    }

    @Test
    void digestsDoNotDependOnThePieces() throws Exception {
        for (var name : names()) {
            var content = noise(300_001);
            Arrays.fill(content, 100_000, 200_000, (byte) 0);
            var whole = integrity().tap(name, Map.of(), in(folder(content)));
            whole.update(ByteBuffer.wrap(content));
            var pieces = integrity().tap(name, Map.of(), in(folder(content)));
            feed(pieces, content, 0, 100_000);
            pieces.zero(100_000);
            feed(pieces, content, 200_000, content.length);

            var digests = pieces.digests();

            assertEquals(whole.digests(), digests, name);
            assertEquals(digests, pieces.digests(), name + ": the second call says something else");
            assertEquals(!lacks().contains(Trait.DIGESTS), digests.containsKey(name), name + " among " + digests);
            assertTrue(digests.values().stream().allMatch(digest -> digest.matches("[0-9a-f]+")), digests + " are not lower-case hex");
        }
    }

    @Test
    void canBeFedOnTheJobsOwnThreads() throws Exception {
        for (var name : names()) {
            var content = noise(300_000);
            var job = in(folder(content));
            var fed = new ArrayList<Future<?>>();
            for (int i = 0; i < job.threads(); i++) {
                var tap = integrity().tap(name, Map.of(), job);
                fed.add(job.workers().submit(() -> {
                    feed(tap, content, 0, content.length);
                    tap.zero(100_000);
                    return null;
                }));
            }
            for (var one : fed) {
                one.get(PATIENCE_SECONDS, TimeUnit.SECONDS); // a tap that waits for a worker waits for ever
            }
        }
    }

    @Test
    void leavesTheSidecarsUncommitted() throws Exception {
        for (var name : names()) {
            var content = noise(5000);
            var files = folder(content);
            var tap = integrity().tap(name, Map.of(), in(files));
            tap.update(ByteBuffer.wrap(content));
            tap.digests();

            tap.seal(files);

            assertEquals(List.of(FILE), files.names(), name + ": a sidecar bears its name before the commit");
            assertFalse(files.begun().isEmpty(), name + ": no sidecar was made");
            assertTrue(files.begun().stream().allMatch(MemoryWriter::isFinished), name + ": a sidecar is not finished");
            assertTrue(files.begun().stream().noneMatch(MemoryWriter::isClosed), name + ": a sidecar was closed, so that it cannot be committed");
        }
    }

    @Test
    void findsEveryFlippedBit() throws Exception {
        for (var name : names()) {
            var files = sealed(name, noise(20_000));
            for (int at : new int[] {0, 1, 4095, 4096, 10_000, 19_999}) {
                files.get(FILE)[at] ^= (byte) (1 << at % 8);

                var report = integrity().verify(files, in(files));

                assertEquals(lacks().contains(Trait.REPAIRS) ? State.DAMAGED : State.REPAIRABLE, report.state(), name + ", byte " + at);
                assertFalse(report.findings().isEmpty(), name + ", byte " + at + ": nothing is said about it");
                files.get(FILE)[at] ^= (byte) (1 << at % 8);
            }
        }
    }

    @Test
    void findsWhatIsCutOrGrown() throws Exception {
        for (var name : names()) {
            var content = noise(20_000);
            var files = sealed(name, content);
            for (int size : new int[] {0, 1, 19_999, 20_001}) {
                files.put(FILE, Arrays.copyOf(content, size));
                assertNotEquals(State.INTACT, integrity().verify(files, in(files)).state(), name + ", " + size + " of 20000 bytes");
            }
        }
    }

    @Test
    void saysWhenNothingCoversTheFile() throws Exception {
        var bare = folder(noise(1000));
        assertEquals(State.UNKNOWN, integrity().verify(bare, in(bare)).state());

        for (var name : names()) {
            var files = sealed(name, noise(1000));
            var other = new MemoryFileSet("other.img").put("other.img", noise(10));
            for (var file : files.names()) {
                other.put(file, files.get(file));
            }
            assertEquals(State.UNKNOWN, integrity().verify(other, in(other)).state(), name + " covers a file that is not in it");
        }
    }

    @Test
    void isNotFooledByADamagedSidecar() throws Exception {
        var random = new Random(Seed.value());
        for (var name : names()) {
            var sound = sealed(name, noise(20_000));
            for (int i = 0; i < 40; i++) {
                var files = copy(sound);
                files.get(FILE)[random.nextInt(20_000)] ^= 1;
                for (var sidecar : files.names()) {
                    if (!sidecar.equals(FILE)) {
                        var bytes = files.get(sidecar);
                        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                    }
                }

                var state = integrity().verify(files, in(files)).state();

                assertNotEquals(State.INTACT, state, name + ": file and sidecar are damaged, yet all is well");
            }
        }
    }

    @Test
    void repairsOrLeavesAsItWas() throws Exception {
        for (var name : names()) {
            var content = noise(20_000);
            var files = sealed(name, content);
            files.get(FILE)[12_345] ^= 0x10;
            var damaged = files.get(FILE).clone();

            var report = integrity().repair(files, in(files));

            if (lacks().contains(Trait.REPAIRS)) {
                assertNotEquals(State.INTACT, report.state(), name + ": REPAIRS is said to be lacking");
                assertArrayEquals(damaged, files.get(FILE), name + ": repair changed what it cannot mend");
            } else {
                assertEquals(State.INTACT, report.state(), name + ": " + report.findings());
                assertArrayEquals(content, files.get(FILE), name);
            }
        }
    }

    @Test
    void refusesOptionsItDoesNotKnow() throws Exception {
        for (var name : names()) {
            var files = folder(noise(10));
            var refusal = assertThrows(IllegalArgumentException.class, () -> integrity().tap(name, Map.of("colour", "red"), in(files)));
            assertTrue(refusal.getMessage().contains("colour"), "the message does not name the option: " + refusal.getMessage());
        }
    }

    /** A folder with {@link #FILE} and its committed sidecars. */
    protected final MemoryFileSet sealed(String name, byte[] content) throws Exception {
        var files = folder(content);
        var tap = integrity().tap(name, Map.of(), in(files));
        feed(tap, content, 0, content.length);
        tap.digests();
        tap.seal(files);
        files.commitAll();
        return files;
    }

    private static void feed(Tap tap, byte[] content, int from, int to) throws IOException {
        var random = new Random(Seed.value());
        for (int at = from; at < to;) {
            int length = 1 + random.nextInt(Math.min(to - at, 50_000));
            var piece = ByteBuffer.wrap(Arrays.copyOfRange(content, at, at + length));
            tap.update(piece);
            assertFalse(piece.hasRemaining(), "update left bytes in the buffer");
            Arrays.fill(piece.array(), (byte) 0x5A);
            at += length;
        }
    }

    private static MemoryFileSet folder(byte[] content) {
        return new MemoryFileSet(FILE).put(FILE, content.clone());
    }

    private static MemoryFileSet copy(MemoryFileSet files) {
        var copy = new MemoryFileSet(files.name());
        files.names().forEach(file -> copy.put(file, files.get(file).clone()));
        return copy;
    }

    private static byte[] noise(int size) {
        var bytes = new byte[size];
        new Random(Seed.value() + size).nextBytes(bytes);
        return bytes;
    }
}
