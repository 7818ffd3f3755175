package imprint.gzip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.Extent.Kind;
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
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Seed.class)
class GzipFormatTest {

    private static final int MEBI = 1 << 20;

    private final GzipFormat format = new GzipFormat();
    private final TestJob job = TestJob.alone();

    @AfterEach
    void close() {
        job.close();
    }

    // Theirs, read by ours

    @Test
    void readsWhateverTheStockToolsWrite() throws Exception {
        var content = MemoryVolume.random("content", Seed.value(), 3 * MEBI + 77).bytes();
        for (var command : List.of("gzip -c -1", "gzip -c -9", "gzip -c --rsyncable", "pigz -c", "pigz -c -i", "pigz -c -b 1024 --rsyncable", "pigz -c -0")) {
            var image = Tool.run(content, command.split(" "));

            assertArrayEquals(content, read(image, false), command);
            assertArrayEquals(content, read(image, true), command + ", as a stream");
            assertArrayEquals(join(content, content), read(join(image, image), false), command + ", joined");
        }
    }

    @Test
    void stockToolsReadOurs() throws Exception {
        var content = MemoryVolume.random("content", Seed.value(), 3 * MEBI + 77).bytes();
        for (int level = 1; level <= 9; level++) {
            var image = write(content, Map.of("level", "" + level));

            for (var command : List.of("gzip -dc", "zcat", "pigz -dc")) {
                assertArrayEquals(content, Tool.run(image, command.split(" ")), command + " of level " + level);
            }
            Tool.run(image, "gzip", "-t");
            Tool.run(image, "pigz", "-t");
            assertArrayEquals(content, read(image, true), "as a stream");
        }
    }

    @Test
    void readsJoinedImagesWhereverTheyCameFrom() throws Exception {
        var a = MemoryVolume.random("a", Seed.value(), 2 * MEBI + 5).bytes();
        var b = MemoryVolume.random("b", Seed.value() + 1, 100_000).bytes();
        var ours = write(a, Map.of());
        var theirs = Tool.run(b, "gzip", "-c");

        assertArrayEquals(join(a, a), read(join(ours, ours), false));
        assertArrayEquals(join(a, b), read(join(ours, theirs), false));
        assertArrayEquals(join(b, a), read(join(theirs, ours), false));
        assertArrayEquals(join(b, a), read(join(theirs, ours), true));
    }

    @Test
    void goesBackToTheLastMemberThatPassed() throws Exception {
        var content = MemoryVolume.random("content", Seed.value(), 2 * MEBI).bytes();
        var one = Tool.run(content, "gzip", "-c");
        try (var opened = format.open(MemoryVolume.of("image.gz", join(one, one, one)), job)) {
            for (int at : new int[] {5 * MEBI, 10, 3 * MEBI, 2 * MEBI, 4 * MEBI + 9}) {
                var expected = Arrays.copyOfRange(content, at % (2 * MEBI), at % (2 * MEBI) + 5000);
                assertArrayEquals(expected, Volumes.read(opened, at, 5000).array(), "at " + at);
            }
        }
    }

    @Test
    void readsEveryFieldOfAHeader() throws Exception {
        var plain = Tool.run("content".getBytes(), "gzip", "-cn");
        for (int flags = 0; flags < 32; flags++) {
            var image = withHeader(plain, flags, 300);

            assertArrayEquals("content".getBytes(), Tool.run(image, "gzip", "-dc"), "flags " + flags + ", the stock tool itself");
            assertArrayEquals("content".getBytes(), read(image, false), "flags " + flags);
            assertArrayEquals("content".getBytes(), read(withHeader(plain, flags, 60_000), true), "flags " + flags + ", long fields");
            assertTrue(recognises(image), "flags " + flags);
        }
    }

    @Test
    void comparesTheChecksumOfAHeader() throws Exception {
        var image = withHeader(Tool.run("content".getBytes(), "gzip", "-cn"), MemberHeader.NAME | MemberHeader.HEADER_CRC, 5);
        image[12] ^= 1;

        var refusal = assertThrows(VolumeException.Corrupt.class, () -> read(image, false));

        assertTrue(refusal.getMessage().contains("header checksum"), refusal.getMessage());
    }

    @Test
    void refusesHeadersWithoutEnd() throws Exception {
        var image = new byte[2 * MEBI];
        Arrays.fill(image, (byte) 'n');
        System.arraycopy(new byte[] {0x1F, (byte) 0x8B, 8, MemberHeader.NAME}, 0, image, 0, 4);

        assertThrows(VolumeException.Unsupported.class, () -> read(image, false));
    }

    @Test
    void refusesReservedFlagsAndOtherMethods() throws Exception {
        var image = Tool.run("content".getBytes(), "gzip", "-cn");
        for (int flag : new int[] {0x20, 0x40, 0x80}) {
            var reserved = image.clone();
            reserved[3] |= (byte) flag;
            assertThrows(VolumeException.Unsupported.class, () -> read(reserved, false));
            assertFalse(recognises(reserved));
        }
        var method = image.clone();
        method[2] = 7;
        assertThrows(VolumeException.Unsupported.class, () -> read(method, false));
        assertFalse(recognises(method));
    }

    @Test
    void takesZeroesAfterTheLastMemberAndNothingElse() throws Exception {
        var image = Tool.run("content".getBytes(), "gzip", "-c");
        assertArrayEquals("content".getBytes(), read(Arrays.copyOf(image, image.length + 10_240), false));

        for (var tail : List.of("garbage".getBytes(), new byte[] {0, 0, 0, 1}, new byte[] {0x1F})) {
            var damaged = join(image, tail);
            assertNotEquals(0, Tool.ask(damaged, "gzip", "-t").status());
            for (boolean stream : new boolean[] {false, true}) {
                var refusal = assertThrows(VolumeException.Corrupt.class, () -> read(damaged, stream));
                assertTrue(refusal.offset() >= image.length, refusal.getMessage());
            }
        }
    }

    @Test
    void findsDamageInForeignImages() throws Exception {
        var content = "a line of text that a codec can pack\n".repeat(40).getBytes();
        var image = Tool.run(content, "gzip", "-c");
        for (int bit = 0; bit < 8 * image.length; bit++) {
            var damaged = image.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            exactOrRefused(damaged, content, "bit " + bit);
        }
        for (int cut = 1; cut < image.length; cut++) {
            var part = Arrays.copyOf(image, cut);
            for (boolean stream : new boolean[] {false, true}) {
                assertThrows(VolumeException.Corrupt.class, () -> read(part, stream), "cut after " + cut);
            }
        }
    }

    // Ours

    @Test
    void namesTheLevelThatDoesNotFit() {
        for (var level : List.of("0", "10", "-1", "best", "")) {
            var refusal = assertThrows(IllegalArgumentException.class,
                    () -> format.create(MemoryWriter.named("image.gz"), MemoryVolume.of("content", new byte[1]), Map.of("level", level), job));
            assertTrue(refusal.getMessage().contains("\"" + level + "\""), refusal.getMessage());
        }
    }

    @Test
    void writesLongRunsOfZeroesFast() {
        long size = 200L << 30;
        var image = new Pieces();
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            try (var writer = format.create(image, new StreamVolume(MemoryVolume.of("content", new byte[0])), Map.of(), job)) {
                writer.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
                writer.zero(3, size / 2);
                writer.write(size - 3, ByteBuffer.wrap(new byte[] {4, 5, 6}));

                var back = writer.finish(size).orElseThrow();

                assertEquals(size, back.size());
                assertTrue(image.size() < size / 1000, "takes " + image.size() + " bytes");
                assertEquals(Kind.DATA, back.extent(0).kind());
                assertEquals(Kind.ZERO, back.extent(size / 3).kind());
                assertEquals(0, Volumes.read(back, size / 3, 8).getLong());
                assertEquals(0x060504, Volumes.read(back, size - 4, 4).getInt() >>> 8);
                assertEquals(MEBI, back.as(Parallel.class).orElseThrow().grain());
            }
        });
    }

    @Test
    void unpacksEachMemberOnceForSmallAscendingReads() throws Exception {
        var content = MemoryVolume.random("content", Seed.value(), 6 * MEBI).bytes();
        var image = new FaultyVolume(MemoryVolume.of("image.gz", write(content, Map.of())));
        try (var opened = format.open(image, job)) {
            int before = image.reads();

            assertArrayEquals(content, Contents.readAll(opened, content.length));

            assertTrue(image.reads() - before <= 6, (image.reads() - before) + " reads for 6 members");
        }
    }

    @Test
    void believesNoTableThatDoesNotFitTheMembers() throws Exception {
        var content = new byte[3 * MEBI];
        new Random(Seed.value()).nextBytes(content);
        Arrays.fill(content, MEBI, 2 * MEBI, (byte) 0);
        var image = write(content, Map.of("level", "1"));
        int table = 3 * 8 + 26 + 42;
        for (int at = image.length - table; at < image.length; at++) {
            for (int value : new int[] {0, 1, 0x80, 0xFF}) {
                var hostile = image.clone();
                hostile[at] = (byte) value;
                exactOrRefused(hostile, content, value + " at " + at);
            }
        }
    }

    @Test
    void findsDamageInAMemberOfZeroes() throws Exception {
        var image = write(new byte[MEBI], Map.of());
        for (int bit = 0; bit < 8 * image.length; bit += 29) {
            var damaged = image.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            exactOrRefused(damaged, new byte[MEBI], "bit " + bit);
        }
    }

    // The steps used above

    /** The same member with the fields that {@code flags} ask for, each text and the extra field {@code length} bytes long. */
    private static byte[] withHeader(byte[] plain, int flags, int length) {
        var header = new ByteArrayOutputStream();
        header.writeBytes(Arrays.copyOf(plain, MemberHeader.SHORTEST));
        if ((flags & MemberHeader.EXTRA) != 0) {
            header.write(length);
            header.write(length >> 8);
            header.writeBytes(new byte[length]);
        }
        for (int text : new int[] {MemberHeader.NAME, MemberHeader.COMMENT}) {
            if ((flags & text) != 0) {
                header.writeBytes("n".repeat(length).getBytes());
                header.write(0);
            }
        }
        var bytes = header.toByteArray();
        bytes[3] = (byte) flags;
        if ((flags & MemberHeader.HEADER_CRC) != 0) {
            var crc = new CRC32();
            crc.update(bytes);
            bytes = join(bytes, ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort((short) crc.getValue()).array());
        }
        return join(bytes, Arrays.copyOfRange(plain, MemberHeader.SHORTEST, plain.length));
    }

    private byte[] write(byte[] content, Map<String, String> options) throws IOException {
        var image = MemoryWriter.named("image.gz");
        var volume = MemoryVolume.of("content", content);
        try (var writer = format.create(image, volume, options, job)) {
            Contents.write(volume, writer, new Random(Seed.value()));
            writer.finish(content.length);
            writer.commit();
        }
        return image.bytes();
    }

    private byte[] read(byte[] image, boolean stream) throws IOException {
        Volume volume = MemoryVolume.of("image.gz", image);
        try (var opened = format.open(stream ? new StreamVolume(volume) : volume, job)) {
            return Contents.readAll(opened, 64 * MEBI);
        }
    }

    private void exactOrRefused(byte[] image, byte[] content, String what) {
        for (boolean stream : new boolean[] {false, true}) {
            try {
                assertArrayEquals(content, read(image, stream), what);
            } catch (VolumeException e) {
                assertTrue(e.getMessage().startsWith("image.gz"), e.getMessage());
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
