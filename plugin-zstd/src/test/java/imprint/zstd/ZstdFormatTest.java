package imprint.zstd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.Event;
import imprint.api.Extent.Kind;
import imprint.api.FileSet;
import imprint.api.Job;
import imprint.api.Parallel;
import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.Volumes;
import imprint.testing.Contents;
import imprint.testing.FaultyVolume;
import imprint.testing.MemoryVolume;
import imprint.testing.MemoryWriter;
import imprint.testing.Seed;
import imprint.testing.StreamVolume;
import imprint.testing.TestJob;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Seed.class)
class ZstdFormatTest {

    private static final int MEBI = 1 << 20;
    private static final byte[] SKIPPABLE = {0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 7, 7, 7};

    private final ZstdFormat format = new ZstdFormat();
    private final TestJob job = TestJob.alone();

    @AfterEach
    void close() {
        job.close();
    }

    // Theirs, read by ours

    @Test
    void readsWhateverTheStockToolWrites() throws Exception {
        var content = MemoryVolume.random("content", Seed.value(), 5 * MEBI + 77).bytes();
        for (var options : List.of("-T0 -1", "--long=27", "-19", "--no-check", "--fast=5", "-T2 -B512KiB",
                "--stream-size=" + content.length, "--stream-size=" + content.length + " --no-check")) {
            var image = Tool.run(content, ("zstd -c " + options).split(" "));

            assertArrayEquals(content, readFile(image), options);
            assertArrayEquals(content, readStream(image), options + ", as a stream");
            assertArrayEquals(content, readFile(join(image, SKIPPABLE, image), 2 * content.length, 0, content.length), options + ", joined");
        }
    }

    @Test
    void readsJoinedImagesWhereverTheyCameFrom() throws Exception {
        var a = MemoryVolume.random("a", Seed.value(), 2 * MEBI + 5).bytes();
        var b = MemoryVolume.random("b", Seed.value() + 1, MEBI).bytes();
        var ours = write(a);
        var theirs = Tool.run(b, "zstd", "-c");
        var sized = Tool.run(b, "zstd", "-c", "--stream-size=" + b.length);
        record Case(byte[] image, byte[] content) {}
        for (var joined : List.of(
                new Case(join(ours, ours), join(a, a)), new Case(join(ours, theirs), join(a, b)), new Case(join(theirs, ours), join(b, a)),
                new Case(join(sized, ours), join(b, a)), new Case(join(SKIPPABLE, ours), a), new Case(join(ours, SKIPPABLE), a),
                new Case(join(SKIPPABLE, theirs, SKIPPABLE, SKIPPABLE, theirs), join(b, b)))) {
            assertArrayEquals(joined.content, Tool.run(joined.image, "zstd", "-dc"), "the stock tool itself");
            assertArrayEquals(joined.content, readFile(joined.image));
            assertArrayEquals(joined.content, readStream(joined.image));
        }
    }

    @Test
    void goesBackInAnImageOfOneFrame() throws Exception {
        var content = MemoryVolume.random("content", Seed.value(), 3 * MEBI).bytes();
        var image = Tool.run(content, "zstd", "-c");

        try (var opened = format.open(MemoryVolume.of("image.zst", image), job)) {
            for (int at : new int[] {2 * MEBI, 10, MEBI, MEBI + 100, 0}) {
                assertArrayEquals(Arrays.copyOfRange(content, at, at + 5000), Volumes.read(opened, at, 5000).array(), "at " + at);
            }
        }
    }

    @Test
    void refusesToGoBackInAStream() throws Exception {
        var image = new StreamVolume(MemoryVolume.of("pipe", write(new byte[100_000])));

        try (var opened = format.open(image, job)) {
            Volumes.read(opened, 50_000, 1000);

            assertThrows(VolumeException.Unsupported.class, () -> Volumes.read(opened, 0, 1));
            assertEquals(1000, Volumes.read(opened, 99_000, 1000).remaining(), "what is still to come can be read");
        }
    }

    @Test
    void findsDamageInForeignImages() throws Exception {
        var content = "a line of text that a codec can pack\n".repeat(40).getBytes();
        for (var options : List.of("-c", "-c --stream-size=" + content.length)) {
            var image = Tool.run(content, ("zstd " + options).split(" "));
            for (int bit = 0; bit < 8 * image.length; bit++) {
                var damaged = image.clone();
                damaged[bit / 8] ^= (byte) (1 << bit % 8);
                exactOrRefused(damaged, content, "bit " + bit);
            }
            for (int cut = 1; cut < image.length; cut++) {
                var part = Arrays.copyOf(image, cut);
                assertThrows(VolumeException.Corrupt.class, () -> readFile(part), "cut after " + cut);
                assertThrows(VolumeException.Corrupt.class, () -> readStream(part), "cut after " + cut + ", as a stream");
            }
        }
    }

    @Test
    void namesThePlaceOfTrailingGarbage() throws Exception {
        var image = Tool.run(new byte[1000], "zstd", "-c");
        var damaged = join(image, "garbage".getBytes());
        assertNotEquals(0, Tool.ask(damaged, "zstd", "-t").status());

        for (boolean stream : new boolean[] {false, true}) {
            var refusal = assertThrows(VolumeException.Corrupt.class, () -> read(damaged, stream));

            assertEquals(image.length, refusal.offset(), refusal.getMessage());
            assertTrue(refusal.getMessage().startsWith("image.zst, offset " + image.length), refusal.getMessage());
        }
    }

    @Test
    void namesTheDictionaryThatIsMissing() throws Exception {
        var image = new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0x03, 0x38, 0x39, 0x30, 0, 0, 1, 0, 0};

        for (boolean stream : new boolean[] {false, true}) {
            var refusal = assertThrows(VolumeException.Unsupported.class, () -> read(image, stream));
            assertTrue(refusal.getMessage().contains("12345"), refusal.getMessage());
        }
    }

    @Test
    void asksForMemoryWhereTheWindowIsLarge() throws Exception {
        var content = MemoryVolume.random("content", Seed.value(), 200_000).bytes();
        var image = Tool.run(content, "zstd", "-c", "--ultra", "--long=28");

        var refusal = assertThrows(VolumeException.Unsupported.class, () -> readFile(image));

        assertTrue(refusal.getMessage().contains("window of " + (1 << 28)) && refusal.getMessage().contains("--memory"), refusal.getMessage());
        try (var opened = format.open(MemoryVolume.of("image.zst", image), new Generous(job))) {
            assertArrayEquals(content, Contents.readAll(opened, content.length));
        }
    }

    // Ours

    @Test
    void everyLevelIsTakenByTheStockTool() throws Exception {
        var content = MemoryVolume.random("content", Seed.value(), MEBI + 100_000).bytes();
        for (int level : new int[] {-7, 0, 1, 19, 22}) {
            var image = write(content, Map.of("level", "" + level));

            Tool.run(image, "zstd", "-t");
            assertArrayEquals(content, Tool.run(image, "zstd", "-dc"), "level " + level);
        }
    }

    @Test
    void namesTheLevelThatDoesNotFit() {
        for (var level : List.of("23", "-8", "fast", "", "3.5")) {
            var refusal = assertThrows(IllegalArgumentException.class,
                    () -> format.create(MemoryWriter.named("image.zst"), MemoryVolume.of("content", new byte[1]), Map.of("level", level), job));
            assertTrue(refusal.getMessage().contains("\"" + level + "\"") && refusal.getMessage().contains("-7 to 22"), refusal.getMessage());
        }
    }

    @Test
    void writesEightTebibytesOfNothing() {
        long size = 8L << 40;
        var image = new Pieces();
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            try (var writer = format.create(image, new StreamVolume(MemoryVolume.of("content", new byte[0])), Map.of(), job)) {
                writer.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
                writer.zero(3, size / 2);
                writer.write(size - 3, ByteBuffer.wrap(new byte[] {4, 5, 6}));

                var back = writer.finish(size).orElseThrow();

                assertEquals(size, back.size());
                assertTrue(image.size() < 300L * MEBI, "takes " + image.size() + " bytes");
                assertEquals(Kind.DATA, back.extent(0).kind());
                assertEquals(Kind.ZERO, back.extent(MEBI).kind());
                assertEquals(Kind.ZERO, back.extent(size / 3).kind());
                assertEquals(0, Volumes.read(back, size / 3, 8).getLong());
                assertEquals(0x060504, Volumes.read(back, size - 4, 4).getInt() >>> 8);
                assertEquals(MEBI, back.as(Parallel.class).orElseThrow().grain());
            }
        });
    }

    @Test
    void unpacksEachFrameOnceForSmallAscendingReads() throws Exception {
        var content = MemoryVolume.random("content", Seed.value(), 6 * MEBI).bytes();
        var image = new FaultyVolume(MemoryVolume.of("image.zst", write(content)));
        try (var opened = format.open(image, job)) {
            int before = image.reads();

            assertArrayEquals(content, Contents.readAll(opened, content.length));

            assertTrue(image.reads() - before <= 6, (image.reads() - before) + " reads for 6 frames");
        }
    }

    @Test
    void aFrameOfZeroesIsKnownAsSuchThoughItCameAsData() throws Exception {
        var content = new byte[3 * MEBI];
        content[5] = 1;

        try (var opened = format.open(MemoryVolume.of("image.zst", write(content)), job)) {
            assertEquals(Kind.DATA, opened.extent(0).kind());
            assertEquals(Kind.ZERO, opened.extent(MEBI).kind());
        }
    }

    @Test
    void findsDamageInAFrameOfZeroes() throws Exception {
        var image = write(new byte[MEBI]);
        for (int bit = 0; bit < 8 * image.length; bit++) {
            var damaged = image.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            exactOrRefused(damaged, new byte[MEBI], "bit " + bit);
        }
    }

    // Seek tables

    @Test
    void readsTablesWithChecksums() throws Exception {
        var content = MemoryVolume.random("content", Seed.value(), 500_000).bytes();
        var image = seekable(content, 70_000, true);
        assertArrayEquals(content, Tool.run(image, "zstd", "-dc"));

        try (var opened = format.open(MemoryVolume.of("image.zst", image), job)) {
            assertEquals(content.length, opened.size());
            assertEquals(70_000, opened.as(Parallel.class).orElseThrow().grain());
            assertArrayEquals(content, Contents.readAll(opened, content.length));
        }
    }

    @Test
    void comparesTheChecksumsOfTheTable() throws Exception {
        var content = MemoryVolume.random("content", Seed.value(), 500_000).bytes();
        var image = seekable(content, 70_000, true);
        image[image.length - 9 - 12 * 3 + 8] ^= 1;

        var refusal = assertThrows(VolumeException.Corrupt.class, () -> readFile(image));

        assertTrue(refusal.getMessage().contains("checksum in the seek table"), refusal.getMessage());
    }

    @Test
    void believesNoTableThatDoesNotFitTheFrames() throws Exception {
        var content = MemoryVolume.random("content", Seed.value(), 9000).bytes();
        for (boolean summed : new boolean[] {false, true}) {
            var image = seekable(content, 1000, summed);
            int table = 9 * (summed ? 12 : 8) + 17;
            for (int at = image.length - table; at < image.length; at++) {
                for (int value : new int[] {0, 1, 0x7F, 0x80, 0xFF}) {
                    for (int width : new int[] {1, 4}) {
                        var hostile = image.clone();
                        Arrays.fill(hostile, at, Math.min(at + width, hostile.length), (byte) value);
                        exactOrRefused(hostile, content, width + " bytes of " + value + " at " + at);
                    }
                }
            }
            for (int from = 0; from < 8; from++) {            // entries that add up, in another order
                var hostile = image.clone();
                int entry = summed ? 12 : 8;
                int at = image.length - 9 - 9 * entry + from * entry;
                System.arraycopy(image, at, hostile, at + entry, entry);
                System.arraycopy(image, at + entry, hostile, at, entry);
                exactOrRefused(hostile, content, "entries " + from + " and the next exchanged");
            }
        }
    }

    @Test
    void findsContentThatATableHides() throws Exception {
        var content = MemoryVolume.random("content", Seed.value(), 3000).bytes();
        var image = seekable(content, 1000, false);
        ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).putInt(image.length - 9 - 2 * 8 + 4, 0);

        assertThrows(VolumeException.Corrupt.class, () -> readFile(image));
    }

    // Recognising

    @Test
    void recognisesFramesThatCanBe() throws Exception {
        var image = write(new byte[] {1, 2, 3});
        var reserved = image.clone();
        reserved[4] |= 8;
        var wrongBlock = Tool.run(new byte[] {1, 2, 3}, "zstd", "-c");
        assertTrue(recognises(wrongBlock));
        wrongBlock[6] |= 6;

        assertTrue(recognises(image));
        assertTrue(recognises(join(SKIPPABLE, SKIPPABLE, image)));
        assertFalse(recognises(SKIPPABLE), "nothing but a skippable frame");
        assertFalse(recognises(join(SKIPPABLE, "text".getBytes())));
        assertFalse(recognises(reserved), "the reserved bit");
        assertFalse(recognises(wrongBlock), "a block of type 3");
    }

    @Test
    void hashesAsZstdDoes() throws Exception {
        var random = new Random(Seed.value());
        for (int length : new int[] {0, 1, 3, 4, 7, 8, 31, 32, 33, 63, 1000, 100_000}) {
            var content = new byte[length];
            assertEquals(checksumOf(content), XxHash64.ofZeroes(length), length + " zeroes");
            random.nextBytes(content);
            assertEquals(checksumOf(content), XxHash64.of(ByteBuffer.wrap(content)), length + " bytes");
        }
    }

    // The steps used above

    /** A job with room for large windows. */
    private record Generous(Job job) implements Job {
        @Override
        public ExecutorService workers() {
            return job.workers();
        }

        @Override
        public int threads() {
            return job.threads();
        }

        @Override
        public long memory() {
            return 1L << 30;
        }

        @Override
        public FileSet beside() {
            return job.beside();
        }

        @Override
        public void event(Event what) {
            job.event(what);
        }

        @Override
        public boolean cancelled() {
            return job.cancelled();
        }
    }

    private static int checksumOf(byte[] content) throws Exception {
        var image = Tool.run(content, "zstd", "-c", "--check");
        return ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).getInt(image.length - 4);
    }

    /** Frames of the stock tool with a table around them. */
    private static byte[] seekable(byte[] content, int frame, boolean summed) throws Exception {
        var image = new ByteArrayOutputStream();
        int count = Math.ceilDiv(content.length, frame);
        var table = ByteBuffer.allocate(17 + count * (summed ? 12 : 8)).order(ByteOrder.LITTLE_ENDIAN);
        table.putInt(0x184D2A5E).putInt(table.capacity() - 8);
        for (int at = 0; at < content.length; at += frame) {
            var part = Arrays.copyOfRange(content, at, Math.min(content.length, at + frame));
            var packed = Tool.run(part, "zstd", "-c");
            image.write(packed);
            table.putInt(packed.length).putInt(part.length);
            if (summed) {
                table.put(packed, packed.length - 4, 4);      // the frame's own checksum is the same one
            }
        }
        table.putInt(count).put((byte) (summed ? 0x80 : 0)).putInt(0x8F92EAB1);
        image.write(table.array());
        return image.toByteArray();
    }

    private byte[] write(byte[] content) throws IOException {
        return write(content, Map.of());
    }

    private byte[] write(byte[] content, Map<String, String> options) throws IOException {
        var image = MemoryWriter.named("image.zst");
        var volume = MemoryVolume.of("content", content);
        try (var writer = format.create(image, volume, options, job)) {
            Contents.write(volume, writer, new Random(Seed.value()));
            writer.finish(content.length);
            writer.commit();
        }
        return image.bytes();
    }

    private byte[] readFile(byte[] image) throws IOException {
        return read(image, false);
    }

    private byte[] readStream(byte[] image) throws IOException {
        return read(image, true);
    }

    private byte[] read(byte[] image, boolean stream) throws IOException {
        Volume volume = MemoryVolume.of("image.zst", image);
        try (var opened = format.open(stream ? new StreamVolume(volume) : volume, job)) {
            return Contents.readAll(opened, 64 * MEBI);
        }
    }

    /** Reads all, which has to be {@code size} bytes; gives back a part. */
    private byte[] readFile(byte[] image, int size, int from, int to) throws IOException {
        var all = readFile(image);
        assertEquals(size, all.length);
        return Arrays.copyOfRange(all, from, to);
    }

    private void exactOrRefused(byte[] image, byte[] content, String what) {
        for (boolean stream : new boolean[] {false, true}) {
            try {
                assertArrayEquals(content, read(image, stream), what);
            } catch (VolumeException e) {
                assertTrue(e.getMessage().startsWith("image.zst"), e.getMessage());
            } catch (IOException | RuntimeException e) {
                throw new AssertionError(what + (stream ? ", as a stream: " : ": ") + e, e);
            }
        }
    }

    private boolean recognises(byte[] head) {
        return format.recognises(ByteBuffer.wrap(head).asReadOnlyBuffer(), ByteBuffer.allocate(0));
    }

    private static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (var part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
