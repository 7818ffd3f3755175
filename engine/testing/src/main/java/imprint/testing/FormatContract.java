package imprint.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import imprint.api.CancelledException;
import imprint.api.Extent;
import imprint.api.Extent.Kind;
import imprint.api.Format;
import imprint.api.NoSpaceException;
import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.VolumeWriter;
import imprint.api.Volumes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What every {@link Format} promises. An implementer gives the format and names the traits that it lacks; what is lacking
 * is checked as well, so that a trait that is there cannot be left out of the tests.
 */
@ExtendWith(Seed.class)
public abstract class FormatContract {

    /** What most formats can do and some cannot. */
    public enum Trait {
        /** Makes images. Lacking: {@code create} throws {@link UnsupportedOperationException}. */
        WRITES,
        /** Knows its own images by their ends. Lacking: says no to every image, its own too. */
        RECOGNISES,
        /** Reads an image without size that only goes forward. Lacking: {@link VolumeException.Unsupported}. */
        READS_STREAMS,
        /** Writes where nothing can be patched. Lacking: {@code create} throws {@link UnsupportedOperationException}. */
        WRITES_STREAMS,
        /** Begins without knowing the content's size. Lacking: {@code create} throws {@link IllegalArgumentException}. */
        OPEN_ENDED,
        /** Finds every flipped bit that matters. Lacking: some bit can be flipped and the content differs unnoticed. */
        CHECKED,
        /** Finds every cut. Lacking: some cut image reads as the first part of the content. */
        KNOWS_ITS_END,
        /** Says which runs are not DATA. Lacking: everything is DATA. */
        KEEPS_RUNS,
        /** Has a word for BAD. Lacking: BAD becomes zeroes. */
        KEEPS_BAD,
        /** Holds a volume of no bytes. Lacking: {@code create} throws {@link IllegalArgumentException}. */
        HOLDS_NOTHING,
        /** Has {@link #stockEncode} and {@link #stockDecode} as second opinion. Lacking: they are not overridden. */
        JUDGED
    }

    /** The name of every image here, so that messages can be looked at. */
    protected static final String IMAGE = "contract.img";

    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final long HOSTILE_MEMORY = 128L << 20;
    private static final int POSITIONS = 1500;

    private final List<TestJob> jobs = new ArrayList<>();

    /** The format; may be the same one on every call. */
    protected abstract Format format();

    /** What it lacks. */
    protected Set<Trait> lacks() {
        return Set.of();
    }

    /** Every set of options worth a round trip. */
    protected List<Map<String, String>> options() {
        return List.of(Map.of());
    }

    /** What sizes and runs of content have to be multiples of. */
    protected int unit() {
        return 1;
    }

    /** An image of {@code content} made by the stock tool. */
    protected byte[] stockEncode(byte[] content) throws Exception {
        throw new UnsupportedOperationException("no stock encoder");
    }

    /** The content of an image as the stock tool reads it. */
    protected byte[] stockDecode(byte[] image) throws Exception {
        throw new UnsupportedOperationException("no stock decoder");
    }

    /** A job of its own, without a folder; closed after the test, when no work may be left. */
    protected final TestJob alone() {
        var job = TestJob.alone();
        jobs.add(job);
        return job;
    }

    /** An image of {@code content} made by this format, or by the stock tool where it does not write. */
    protected final MemoryVolume image(MemoryVolume content, Map<String, String> options) throws Exception {
        if (!has(Trait.WRITES)) {
            return MemoryVolume.of(IMAGE, stockEncode(Contents.expected(content)));
        }
        var image = MemoryWriter.named(IMAGE);
        try (var writer = format().create(image, content, options, alone())) {
            Contents.write(content, writer, random());
            writer.finish(content.size());
            writer.commit();
        }
        return image.committed().orElseThrow(() -> new AssertionError("commit did not reach the image"));
    }

    @AfterEach
    void leaveNoWorkBehind() {
        jobs.forEach(TestJob::close);
    }

    // What went in comes out

    @Test
    void keepsContentOfEverySize() throws Exception {
        for (var options : options()) {
            for (int size : new int[] {1, 2, 511, 512, 513, 65_537, 1_000_003}) {
                var content = noise(size);

                var back = decode(image(content, options), content.bytes().length);

                assertArrayEquals(content.bytes(), back, content.size() + " bytes with " + options);
            }
        }
    }

    @Test
    void keepsNothingAtAll() throws Exception {
        var nothing = MemoryVolume.of("nothing", new byte[0]);
        if (has(Trait.HOLDS_NOTHING)) {
            for (var options : options()) {
                assertEquals(0, decode(image(nothing, options), 0).length, "bytes out of an empty image with " + options);
            }
        } else if (has(Trait.WRITES)) {
            refusesToCreate(IllegalArgumentException.class, MemoryWriter.named(IMAGE), nothing, Map.of());
        }
    }

    @Test
    void keepsManyMebibytes() throws Exception {
        var content = MemoryVolume.random("content", Seed.value(), whole(9 << 20) + unit());

        for (var options : options()) {
            assertArrayEquals(content.bytes(), decode(image(content, options), content.bytes().length), "with " + options);
        }
    }

    @Test
    void keepsAnyRuns() throws Exception {
        for (var options : options()) {
            for (int i = 0; i < 6; i++) {
                var content = MemoryVolume.random("content", Seed.value() + i, whole(700_000), unit(), Kind.DATA, Kind.ZERO, Kind.UNUSED);
                var expected = Contents.expected(content);

                var image = image(content, options);

                assertArrayEquals(expected, decode(image, expected.length), "content " + i + " with " + options);
                honestExtents(image.reopened(), expected);
            }
        }
    }

    @Test
    void keepsAVolumeThatIsAllUnused() throws Exception {
        int size = whole(300_000);
        var content = MemoryVolume.of("content", new byte[size]).withRuns(List.of(new Extent(0, size, Kind.UNUSED)));

        assertArrayEquals(new byte[size], decode(image(content, Map.of()), size));
    }

    @Test
    void saysWhichRunsAreNotData() throws Exception {
        if (!has(Trait.WRITES)) {
            return; // the stock encoder is not told of runs
        }
        int mebi = whole(1 << 20);
        var content = MemoryVolume.of("content", noise(12 * mebi).bytes()).withRuns(List.of(
                new Extent(0, mebi, Kind.DATA), new Extent(mebi, 5 * mebi, Kind.UNUSED),
                new Extent(6 * mebi, mebi, Kind.DATA), new Extent(7 * mebi, 5 * mebi, Kind.ZERO)));

        long[] kinds = new long[Kind.values().length];
        try (var opened = format().open(image(content, Map.of()), alone())) {
            for (long at = 0; at < 12L * mebi; at = opened.extent(at).end()) {
                kinds[opened.extent(at).kind().ordinal()] += opened.extent(at).length();
            }
        }

        long said = kinds[Kind.UNUSED.ordinal()] + kinds[Kind.ZERO.ordinal()];
        if (has(Trait.KEEPS_RUNS)) {
            assertTrue(said >= 4L * mebi, "of " + 10L * mebi + " bytes that hold nothing only " + said + " are said to");
        } else {
            assertEquals(0, said, "KEEPS_RUNS is said to be lacking, yet runs are known");
        }
    }

    @Test
    void keepsBadRunsBad() throws Exception {
        if (!has(Trait.WRITES)) {
            return; // the stock encoder is not told of runs
        }
        int piece = whole(65_536);
        var content = MemoryVolume.of("content", noise(3 * piece).bytes()).withRuns(List.of(new Extent(0, piece, Kind.DATA),
                new Extent(piece, piece, Kind.BAD), new Extent(2 * piece, piece, Kind.DATA)));

        try (var opened = format().open(image(content, Map.of()), alone())) {
            if (has(Trait.KEEPS_BAD)) {
                assertEquals(Kind.BAD, opened.extent(piece).kind());
                assertThrows(VolumeException.Unreadable.class, () -> opened.read(piece, ByteBuffer.allocate(10)));
                var after = Volumes.read(opened, 2L * piece, piece);
                assertArrayEquals(Arrays.copyOfRange(content.bytes(), 2 * piece, 3 * piece), after.array());
            } else {
                assertArrayEquals(Contents.expected(content), Contents.readAll(opened, 3 * piece));
            }
        }
    }

    // Reading

    @Test
    void readsInAnyOrderIntoAnyBuffer() throws Exception {
        var content = MemoryVolume.random("content", Seed.value(), whole(400_000), unit(), Kind.DATA, Kind.DATA, Kind.ZERO);
        var expected = Contents.expected(content);

        try (var opened = format().open(image(content, Map.of()), alone())) {
            readHereAndThere(opened, expected, random(), 60);
        }
    }

    @Test
    void readsForSeveralThreadsAtOnce() throws Exception {
        var content = noise(300_000);
        var slow = new FaultyVolume(image(content, Map.of())).shortReads(500); // long reads, so that they meet
        try (var threads = Executors.newFixedThreadPool(4); var opened = format().open(slow, alone())) {
            var readers = new ArrayList<Future<?>>();
            for (int i = 0; i < 4; i++) {
                var random = new Random(Seed.value() + i);
                Callable<Void> reader = () -> {
                    readHereAndThere(opened, content.bytes(), random, 40);
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
    void readsOrFailsPolitelyAfterItWasClosed() throws Exception {
        var content = noise(5000);
        var opened = format().open(image(content, Map.of()), alone());
        Volumes.read(opened, 0, 10);
        opened.close();

        try {
            assertArrayEquals(Arrays.copyOf(content.bytes(), 10), Volumes.read(opened, 0, 10).array());
        } catch (IOException e) {
            return; // closed: that is how it may end
        }
    }

    @Test
    void letsReadersEndWhenItIsClosed() throws Exception {
        var content = noise(300_000);
        var slow = new FaultyVolume(image(content, Map.of())).shortReads(500);
        try (var threads = Executors.newFixedThreadPool(3)) {
            var opened = format().open(slow, alone());
            var readers = new ArrayList<Future<Void>>();
            for (int i = 0; i < 3; i++) {
                var random = new Random(Seed.value() + i);
                Callable<Void> reader = () -> {
                    try {
                        readHereAndThere(opened, content.bytes(), random, 1000);
                    } catch (IOException e) {
                        return null; // closed: that is how it may end
                    }
                    return null;
                };
                readers.add(threads.submit(reader));
            }
            while (slow.reads() < 300 && readers.stream().noneMatch(Future::isDone)) {
                Thread.onSpinWait();
            }

            opened.close();

            for (var reader : readers) {
                reader.get();
            }
        }
    }

    @Test
    void readsAnImageThatGivesOneByteAtATime() throws Exception {
        var content = noise(5000);
        var image = image(content, Map.of());

        assertArrayEquals(content.bytes(), decode(new FaultyVolume(image).byteAtATime(), content.bytes().length));
        assertArrayEquals(content.bytes(), decode(new FaultyVolume(image(content, Map.of())).shortReads(777), content.bytes().length));
    }

    @Test
    void readsAStream() throws Exception {
        var content = noise(1_000_003);
        var image = image(content, Map.of());

        if (has(Trait.READS_STREAMS)) {
            var slow = new FaultyVolume(image).shortReads(4321);
            assertArrayEquals(content.bytes(), decode(new StreamVolume(slow), content.bytes().length));
        } else {
            assertThrows(VolumeException.Unsupported.class, () -> decode(new StreamVolume(image), content.bytes().length));
        }
    }

    @Test
    void endsWhereTheContentEnds() throws Exception {
        var content = noise(70_000);
        int size = content.bytes().length;
        try (var opened = format().open(image(content, Map.of()), alone())) {
            var room = ByteBuffer.allocate(100);

            assertArrayEquals(content.bytes(), Contents.readAll(opened, size));
            assertEquals(-1, opened.read(size, room), "read at the end");
            assertEquals(-1, opened.read(size + 1_000_000L, room), "read after the end");
            assertEquals(0, opened.read(10, room.duplicate().limit(0)), "read into a full buffer");
            if (opened.size() >= 0) {
                assertEquals(size, opened.size());
                assertThrows(IndexOutOfBoundsException.class, () -> opened.extent(size));
            }
            assertTrue(opened.as(Runnable.class).isEmpty(), "an ability nobody has");
        }
    }

    @Test
    void namesTheImageForPeople() throws Exception {
        try (var opened = format().open(image(noise(1000), Map.of()), alone())) {
            assertTrue(opened.toString().startsWith(IMAGE), "\"" + opened + "\" does not begin with " + IMAGE);
        }
    }

    @Test
    void closesTheImageWithTheContent() throws Exception {
        var image = image(noise(1000), Map.of());
        var opened = format().open(image, alone());
        assertFalse(image.isClosed(), "opening closed the image");

        opened.close();

        assertTrue(image.isClosed(), "closing the content left the image open");
        opened.close(); // twice does no harm
    }

    @Test
    void saysThatTheMediumFailedWhereItFailed() throws Exception {
        var content = noise(1_000_003);
        var image = image(content, Map.of());
        var failing = new FaultyVolume(image).unreadable(image.size() / 2, 512);

        assertThrows(VolumeException.Unreadable.class, () -> decode(failing, content.bytes().length));
    }

    @Test
    void endsReadingWhenTheJobIsCancelled() throws Exception {
        var content = noise(2_000_003);
        var job = alone();
        try (var opened = format().open(image(content, Map.of()), job)) {
            job.cancel();

            try {
                assertArrayEquals(content.bytes(), Contents.readAll(opened, content.bytes().length));
            } catch (CancelledException e) {
                assertTrue(job.cancelled());
            }
        }
    }

    // Damage

    @Test
    void findsEveryCut() throws Exception {
        var content = noise(3000);
        var image = image(content, Map.of());
        int undetected = 0;
        for (int cut : positions((int) image.size(), (int) image.size())) {
            var found = look(Arrays.copyOf(image.bytes(), cut), content.bytes(), "cut after " + cut + " of " + image.size() + " bytes");
            if (found == Finding.SHORTER || found == Finding.WRONG && !has(Trait.CHECKED)) {
                undetected++;
                assertFalse(has(Trait.KNOWS_ITS_END), "cut after " + cut + " of " + image.size() + " bytes and nobody noticed");
            } else {
                assertFalse(found == Finding.WRONG, "cut after " + cut + " of " + image.size() + " bytes, the content is another");
            }
        }
        assertTrue(has(Trait.KNOWS_ITS_END) || undetected > 0, "KNOWS_ITS_END is said to be lacking, yet every cut was found");
    }

    @Test
    void findsEveryFlippedBit() throws Exception {
        var content = noise(3000);
        var image = image(content, Map.of());
        var random = random();
        int undetected = 0;
        for (int at : positions((int) image.size(), (int) image.size() - 1)) {
            var damaged = image.bytes().clone();
            int bit = random.nextInt(8);
            damaged[at] ^= (byte) (1 << bit);
            var what = "bit " + bit + " of byte " + at + " of " + image.size() + " flipped";
            var found = look(damaged, content.bytes(), what);
            if (found == Finding.SHORTER || found == Finding.WRONG) {
                undetected++;
                assertFalse(has(Trait.CHECKED), what + " and nobody noticed: the content is " + found);
            }
        }
        assertTrue(has(Trait.CHECKED) || undetected > 0, "CHECKED is said to be lacking, yet every flip was found");
    }

    @Test
    void withstandsHostileFields() throws Exception {
        var content = noise(3000);
        var image = image(content, Map.of());
        for (int at : positions((int) image.size(), (int) image.size() - 1).headSet(Math.min(600, (int) image.size()))) {
            for (int width : new int[] {1, 4, 8}) {
                for (int value : new int[] {0, 0x7F, 0xFF}) {
                    var hostile = image.bytes().clone();
                    Arrays.fill(hostile, at, Math.min(hostile.length, at + width), (byte) value);
                    var what = width + " bytes of " + Integer.toHexString(value) + " at " + at;
                    var found = look(hostile, content.bytes(), what);
                    assertFalse(has(Trait.CHECKED) && (found == Finding.WRONG || found == Finding.SHORTER),
                            what + " and nobody noticed: the content is " + found);
                }
            }
        }
    }

    @Test
    void withstandsNoise() throws Exception {
        var random = random();
        var image = image(noise(3000), Map.of());
        for (int i = 0; i < 200; i++) {
            int kept = random.nextInt(64);
            var hostile = new byte[(int) image.size()];
            random.nextBytes(hostile);
            System.arraycopy(image.bytes(), 0, hostile, 0, Math.min(kept, hostile.length));
            look(hostile, new byte[0], "noise after " + kept + " sound bytes");
        }
    }

    // Recognising

    @Test
    void knowsItsOwnImages() throws Exception {
        for (var options : options()) {
            for (int size : new int[] {1, 3000, 1_000_003}) {
                var image = image(noise(size), options);

                boolean recognised = format().recognises(Volumes.head(image, Format.PROBE), Volumes.tail(image, Format.PROBE));

                assertEquals(has(Trait.RECOGNISES), recognised, "an image of " + size + " bytes with " + options);
                if (has(Trait.RECOGNISES) && has(Trait.READS_STREAMS)) {
                    assertTrue(recognises(Volumes.head(image, Format.PROBE).slice()), "as a stream, without its tail");
                }
            }
        }
    }

    @Test
    void isShy() throws Exception {
        var random = random();
        var image = image(noise(3000), Map.of());
        var noise = new byte[Format.PROBE];
        for (int i = 0; i < 200; i++) {
            random.nextBytes(noise);
            assertFalse(recognises(ByteBuffer.wrap(noise)), "noise was recognised");
            System.arraycopy(image.bytes(), 0, noise, 0, 2);
            assertFalse(recognises(ByteBuffer.wrap(noise)), "noise after the first two bytes of an image was recognised");
        }
        for (int value : new int[] {0, 0xFF, 0x20}) {
            Arrays.fill(noise, (byte) value);
            assertFalse(recognises(ByteBuffer.wrap(noise)), "bytes of " + value + " were recognised");
        }
        assertFalse(recognises(ByteBuffer.wrap("#!/bin/sh\necho an image\n".getBytes(StandardCharsets.US_ASCII))), "text was recognised");
        var moved = new byte[512 + (int) Math.min(image.size(), Format.PROBE - 512)];
        System.arraycopy(image.bytes(), 0, moved, 512, moved.length - 512);
        assertFalse(recognises(ByteBuffer.wrap(moved)), "an image that begins at 512 was recognised");
    }

    @Test
    void looksAtAnyHeadWithoutFailing() throws Exception {
        var image = image(noise(3000), Map.of());
        for (int length = 0; length <= Math.min(image.size(), 4096); length++) {
            recognises(ByteBuffer.wrap(image.bytes(), 0, length).slice());
        }
    }

    // Writing

    @Test
    void writesOrSaysThatItDoesNot() throws Exception {
        if (!has(Trait.WRITES)) {
            refusesToCreate(UnsupportedOperationException.class, MemoryWriter.named(IMAGE), noise(1000), Map.of());
        }
    }

    @Test
    void appearsAtCommitAndNotBefore() throws Exception {
        if (!has(Trait.WRITES)) {
            return;
        }
        var content = noise(300_000);
        var image = MemoryWriter.named(IMAGE);
        try (var writer = format().create(image, content, Map.of(), alone())) {
            Contents.write(content, writer, random());
            assertFalse(image.isFinished(), "the image was finished before the content was");
            writer.finish(content.size());
            assertTrue(image.isFinished(), "finish did not reach the image");
            assertFalse(image.isCommitted(), "the image was committed by finish");

            writer.commit();

            assertTrue(image.isCommitted(), "commit did not reach the image");
        }
        assertTrue(image.isClosed(), "closing the writer left the image open");
    }

    @Test
    void leavesNothingWhenClosedWithoutCommit() throws Exception {
        if (!has(Trait.WRITES)) {
            return;
        }
        var content = noise(300_000);
        for (int step = 0; step < 3; step++) {
            var image = MemoryWriter.named(IMAGE);
            try (var writer = format().create(image, content, Map.of(), alone())) {
                if (step > 0) {
                    Contents.write(content, writer, random());
                }
                if (step > 1) {
                    writer.finish(content.size());
                }
            }

            assertFalse(image.isCommitted(), "closed without commit after step " + step + ", yet committed");
            assertTrue(image.isClosed(), "closed after step " + step + ", the image was left open");
        }
    }

    @Test
    void canBeReadBackBeforeTheCommit() throws Exception {
        if (!has(Trait.WRITES)) {
            return;
        }
        for (var options : options()) {
            var content = MemoryVolume.random("content", Seed.value(), whole(500_000), unit(), Kind.DATA, Kind.ZERO, Kind.UNUSED);
            var expected = Contents.expected(content);
            var image = MemoryWriter.named(IMAGE);
            try (var writer = format().create(image, content, options, alone())) {
                Contents.write(content, writer, random());

                var finished = writer.finish(content.size());

                assertTrue(finished.isPresent(), "finish gave nothing to read back, though the image can be read");
                assertArrayEquals(expected, Contents.readAll(finished.get(), expected.length), "read back with " + options);
                readHereAndThere(finished.get(), expected, random(), 10);
                finished.get().close();
                writer.commit();
            }
            assertTrue(image.isCommitted());
        }
    }

    @Test
    void writesAStream() throws Exception {
        if (!has(Trait.WRITES)) {
            return;
        }
        var content = noise(500_000);
        var pipe = MemoryWriter.named(IMAGE).asStream();
        if (!has(Trait.WRITES_STREAMS)) {
            refusesToCreate(UnsupportedOperationException.class, pipe, content, Map.of());
            return;
        }
        try (var writer = format().create(pipe, content, Map.of(), alone())) {
            Contents.write(content, writer, random());
            assertTrue(writer.finish(content.size()).isEmpty(), "what went into a pipe cannot be read back");
            writer.commit();
        }
        assertArrayEquals(content.bytes(), decode(pipe.committed().orElseThrow(), content.bytes().length));
    }

    @Test
    void beginsWithoutKnowingTheSize() throws Exception {
        if (!has(Trait.WRITES)) {
            return;
        }
        var content = noise(500_000);
        var unknown = new StreamVolume(content);
        var image = MemoryWriter.named(IMAGE);
        if (!has(Trait.OPEN_ENDED)) {
            refusesToCreate(IllegalArgumentException.class, image, unknown, Map.of());
            return;
        }
        try (var writer = format().create(image, unknown, Map.of(), alone())) {
            Contents.write(content, writer, random());
            writer.finish(content.size());
            writer.commit();
        }
        assertArrayEquals(content.bytes(), decode(image.committed().orElseThrow(), content.bytes().length));
    }

    @Test
    void refusesOptionsItDoesNotKnow() throws Exception {
        if (!has(Trait.WRITES)) {
            return;
        }

        var refusal = refusesToCreate(IllegalArgumentException.class, MemoryWriter.named(IMAGE), noise(1000), Map.of("colour", "red"));

        assertTrue(String.valueOf(refusal.getMessage()).contains("colour"), "the message does not name the option: " + refusal.getMessage());
    }

    @Test
    void saysThatThereIsNoSpace() throws Exception {
        if (!has(Trait.WRITES)) {
            return;
        }
        var content = noise(300_000);
        int full = image(content, Map.of()).bytes().length;
        for (int room : new int[] {0, 10, full / 2, full - 1}) {
            var image = MemoryWriter.named(IMAGE);

            var failure = assertThrows(IOException.class, () -> write(content, new FaultyWriter(image).fullAt(room)), "room for " + room);

            assertInstanceOf(NoSpaceException.class, failure, "room for " + room + " of " + full + " bytes");
            assertFalse(image.isCommitted());
            assertTrue(image.isClosed(), "after a failure, closing left the image open");
        }
    }

    @Test
    void passesOnEveryFailureOfTheTarget() throws Exception {
        if (!has(Trait.WRITES)) {
            return;
        }
        var content = noise(300_000);
        var sound = new FaultyWriter(MemoryWriter.named(IMAGE));
        write(content, sound);
        int writes = (int) sound.calls().stream().filter(call -> call.what().equals("write") || call.what().equals("zero")).count();
        var faults = List.<UnaryOperator<FaultyWriter>>of(
                writer -> writer.failingWrite(1), writer -> writer.failingWrite(1 + writes / 2), writer -> writer.failingWrite(writes),
                FaultyWriter::failingFinish, FaultyWriter::failingCommit);
        for (int i = 0; i < faults.size(); i++) {
            var image = MemoryWriter.named(IMAGE);
            var faulty = faults.get(i).apply(new FaultyWriter(image));

            assertThrows(IOException.class, () -> write(content, faulty), "fault " + i + " was swallowed");

            assertFalse(image.isCommitted());
            assertTrue(image.isClosed(), "after fault " + i + ", closing left the image open");
        }
    }

    @Test
    void endsWritingWhenTheJobIsCancelled() throws Exception {
        if (!has(Trait.WRITES)) {
            return;
        }
        var content = noise(2_000_003);
        var image = MemoryWriter.named(IMAGE);
        var job = alone();
        try (var writer = format().create(image, content, Map.of(), job)) {
            job.cancel();
            Contents.write(content, writer, random());
            writer.finish(content.size());
        } catch (CancelledException e) {
            assertTrue(job.cancelled());
        }
        assertFalse(image.isCommitted());
        assertTrue(image.isClosed(), "a cancelled job left the image open");
    }

    // The second opinion

    @Test
    void agreesWithTheStockTool() throws Exception {
        var content = MemoryVolume.random("content", Seed.value(), whole(1_000_003));
        if (!has(Trait.JUDGED)) {
            assertThrows(UnsupportedOperationException.class, () -> stockDecode(new byte[0]), "JUDGED is said to be lacking");
            return;
        }
        if (has(Trait.WRITES)) {
            for (var options : options()) {
                assertArrayEquals(content.bytes(), stockDecode(image(content, options).bytes()), "ours, read by theirs, with " + options);
            }
        }
        var theirs = MemoryVolume.of(IMAGE, stockEncode(content.bytes()));
        assertArrayEquals(content.bytes(), decode(theirs, content.bytes().length), "theirs, read by ours");
    }

    // The steps used above

    private enum Finding { EXACT, SHORTER, WRONG, REFUSED }

    private Finding look(byte[] damaged, byte[] expected, String what) {
        return assertTimeoutPreemptively(PATIENCE, () -> {
            long before = allocated();
            var found = lookClosely(damaged, expected, what);
            long taken = allocated() - before;
            assertTrue(taken < HOSTILE_MEMORY, what + ": took " + taken + " bytes of memory");
            return found;
        }, what);
    }

    private Finding lookClosely(byte[] damaged, byte[] expected, String what) throws IOException {
        var image = MemoryVolume.of(IMAGE, damaged);
        try (var job = TestJob.alone()) {
            Volume opened;
            try {
                opened = format().open(image, job);
            } catch (VolumeException e) {
                assertFalse(image.isClosed(), what + ": open failed and closed the image, which is still the caller's");
                return refused(e, what);
            }
            try (opened) {
                return compare(opened, expected);
            } catch (VolumeException e) {
                return refused(e, what);
            }
        } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
            throw new AssertionError(what + ": " + e + " instead of a VolumeException", e);
        }
    }

    private static Finding refused(VolumeException refusal, String what) {
        assertTrue(refusal.getMessage().startsWith(IMAGE), what + ": \"" + refusal.getMessage() + "\" does not begin with " + IMAGE);
        return Finding.REFUSED;
    }

    private static Finding compare(Volume opened, byte[] expected) throws IOException {
        var got = ByteBuffer.allocate(expected.length + 1);
        int length = Volumes.readUpTo(opened, 0, got);
        if (length > expected.length || opened.size() > expected.length
                || !Arrays.equals(expected, 0, length, got.array(), 0, length)) {
            return Finding.WRONG;
        }
        return length < expected.length ? Finding.SHORTER : Finding.EXACT;
    }

    private void honestExtents(Volume image, byte[] expected) throws IOException {
        try (var opened = format().open(image, alone())) {
            var random = random();
            for (long at = 0; at < expected.length;) {
                var run = opened.extent(at);
                assertEquals(at, run.offset(), "the run asked for starts elsewhere");
                assertTrue(run.end() <= expected.length, run + " goes past the end at " + expected.length);
                if (run.kind() != Kind.DATA) {
                    for (long i = run.offset(); i < run.end(); i++) {
                        assertEquals(0, expected[(int) i], "byte " + i + " is said to be " + run.kind());
                    }
                }
                long inside = at + random.nextLong(run.length());
                assertEquals(run.kind(), opened.extent(inside).kind(), "asked at " + inside + " inside " + run);
                at = run.end();
            }
        }
    }

    private static void readHereAndThere(Volume opened, byte[] expected, Random random, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            int at = random.nextInt(expected.length);
            int length = Math.min(expected.length - at, 1 + (random.nextBoolean() ? random.nextInt(20) : random.nextInt(90_000)));
            int before = random.nextInt(7);
            var buffer = random.nextBoolean() ? ByteBuffer.allocate(before + length + 5) : ByteBuffer.allocateDirect(before + length + 5);
            buffer.position(before).limit(before + length);

            Volumes.readFully(opened, at, buffer);

            assertEquals(before + length, buffer.limit(), "reading moved the buffer's limit");
            var got = new byte[length];
            buffer.get(before, got);
            assertArrayEquals(Arrays.copyOfRange(expected, at, at + length), got, length + " bytes at " + at);
            buffer.clear();
            for (int j = 0; j < before + length + 5; j++) {
                assertTrue(j >= before && j < before + length || buffer.get(j) == 0, "byte " + j + " outside of the buffer was written");
            }
        }
    }

    private <X extends Exception> X refusesToCreate(Class<X> with, MemoryWriter image, Volume content, Map<String, String> options) {
        var refusal = assertThrows(with, () -> {
            try (var writer = format().create(image, content, options, alone())) {
                fail("a writer was made: " + writer);
            }
        });
        assertFalse(image.isClosed(), "create failed and closed the image, which is still the caller's");
        assertEquals(0, image.bytes().length, "create failed after it had written");
        return refusal;
    }

    private void write(MemoryVolume content, VolumeWriter image) throws IOException {
        VolumeWriter writer;
        try {
            writer = format().create(image, content, Map.of(), alone());
        } catch (IOException e) {
            image.close(); // still ours
            throw e;
        }
        try (writer) {
            Contents.write(content, writer, random());
            writer.finish(content.size());
            writer.commit();
        }
    }

    private byte[] decode(Volume image, int most) throws IOException {
        try (var opened = format().open(image, alone())) {
            return Contents.readAll(opened, most);
        }
    }

    private boolean recognises(ByteBuffer head) {
        return format().recognises(head.asReadOnlyBuffer(), ByteBuffer.allocate(0));
    }

    private MemoryVolume noise(int size) {
        var bytes = new byte[whole(size)];
        new Random(Seed.value() + size).nextBytes(bytes);
        return MemoryVolume.of("content", bytes);
    }

    private int whole(int size) {
        return Math.ceilDiv(size, unit()) * unit();
    }

    private boolean has(Trait trait) {
        return !lacks().contains(trait);
    }

    private static Random random() {
        return new Random(Seed.value());
    }

    /** Offsets up to and including {@code last}: all where they are few, else those near the ends and some between. */
    private static TreeSet<Integer> positions(int size, int last) {
        var chosen = new TreeSet<Integer>();
        var random = random();
        for (int i = 0; i <= last; i++) {
            if (size <= 2 * POSITIONS + 4000 || i < 600 || i > size - 600) {
                chosen.add(i);
            }
        }
        for (int i = 0; i < POSITIONS && last > 0; i++) {
            chosen.add(random.nextInt(last));
        }
        chosen.remove(size); // the sound image
        return chosen;
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
    }
}
