package imprint.raw;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.Place;
import imprint.api.VolumeException;
import imprint.api.Volumes;
import imprint.testing.Contents;
import imprint.testing.Seed;
import imprint.testing.TestJob;
import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(Seed.class)
class PipeVolumeTest {

    private static final int MIB = 1 << 20;
    private static final URI STANDARD = URI.create("stdio:-");

    private final byte[] content = new byte[3 * MIB + 5];
    private final Inspection inspection = new Inspection(Path.of("/sys"), Path.of("/proc"));

    @TempDir
    Path folder;

    PipeVolumeTest() {
        new Random(Seed.value()).nextBytes(content);
    }

    private PipeVolume pipe() {
        return new PipeVolume("standard input", Channels.newChannel(new ByteArrayInputStream(content)), () -> { });
    }

    @Test
    void letsFormatsLookAtTheHeadBeforeItIsReadOnce() throws IOException {
        var pipe = pipe();

        assertEquals(ByteBuffer.wrap(content, 0, 65536), Volumes.head(pipe, 65536));
        assertEquals(ByteBuffer.wrap(content, 0, MIB), Volumes.head(pipe, MIB));
        assertEquals(0, Volumes.tail(pipe, 65536).remaining());
        assertArrayEquals(content, Contents.readAll(pipe, 4 * MIB));
        assertEquals(-1, pipe.size());
    }

    @Test
    void skipsForwardAndNamesWhereItStandsWhenAskedToGoBack() throws IOException {
        var pipe = pipe();
        var target = ByteBuffer.allocate(1000);

        Volumes.readFully(pipe, 2 * MIB, target);
        assertArrayEquals(Arrays.copyOfRange(content, 2 * MIB, 2 * MIB + 1000), target.array());

        var refusal = assertThrows(VolumeException.Unsupported.class, () -> pipe.read(2 * MIB - 1, ByteBuffer.allocate(1)));
        assertTrue(refusal.getMessage().startsWith("standard input, offset 2097151: ") && refusal.getMessage().contains("2098152"),
                refusal.getMessage());
        assertThrows(VolumeException.Unsupported.class, () -> pipe.read(MIB, ByteBuffer.allocate(1)));
        Volumes.readFully(pipe, MIB - 1000, target.clear());
        assertArrayEquals(Arrays.copyOfRange(content, MIB - 1000, MIB), target.array());
        assertEquals(-1, pipe.read(content.length, ByteBuffer.allocate(1)));
        assertEquals(-1, pipe.read(content.length + 10L * MIB, ByteBuffer.allocate(1)));
    }

    @Test
    void readsAFileThatTheShellRedirectedInAnyOrder() throws IOException {
        var file = Files.write(folder.resolve("in.img"), content);
        try (var stream = new FileInputStream(file.toFile()); var job = TestJob.alone()) {
            var input = new StandardInput(stream.getFD(), file, inspection);

            try (var volume = input.open(STANDARD, job)) {
                assertEquals(content.length, volume.size());
                assertEquals("standard input", volume.toString());
                volume.read(2 * MIB, ByteBuffer.allocate(1));
                assertArrayEquals(content, Contents.readAll(volume, 4 * MIB));
            }
            var place = input.inspect(STANDARD);
            assertEquals(Place.Kind.STREAM, place.kind());
            assertTrue(place.same(new FilePlaces().inspect(file.toUri())));
        }
    }

    @Test
    void leavesTheDescriptorToTheProcess() throws IOException {
        var file = Files.write(folder.resolve("in.img"), content);
        try (var stream = new FileInputStream(file.toFile()); var job = TestJob.alone()) {
            assertEquals(content[0] & 255, stream.read());
            try (var volume = new StandardInput(stream.getFD(), file, inspection).open(STANDARD, job)) {
                assertEquals(-1, volume.size(), "somebody has read from it already, so it is a pipe");
                assertEquals(10, volume.read(0, ByteBuffer.allocate(10)));
            }
            assertEquals(content[11] & 255, stream.read());
        }
    }

    @Test
    void writesWhatIsLeftOutAsZeroes() throws IOException {
        var file = folder.resolve("out.img");
        try (var stream = new FileOutputStream(file.toFile()); var job = TestJob.alone()) {
            var output = new StandardOutput(stream.getFD(), file, inspection);
            assertTrue(output.inspect(STANDARD).same(new FilePlaces().inspect(file.toUri())));
            try (var writer = output.create(STANDARD, -1, job)) {
                writer.write(10, ByteBuffer.wrap(new byte[] {1}));
                writer.zero(20, 200_000);
                writer.bad(200_020, 10);
                assertThrows(IllegalArgumentException.class, () -> writer.write(5, ByteBuffer.wrap(new byte[] {1})));
                assertTrue(writer.finish(300_000).isEmpty());
                writer.commit();
            }
            stream.write(1);
        }
        var expected = new byte[300_001];
        expected[10] = 1;
        expected[300_000] = 1;
        assertArrayEquals(expected, Files.readAllBytes(file));
    }

    @Test
    void saysThatTheReaderHasGone() throws Exception {
        var pipe = folder.resolve("pipe");
        Commands.run("mkfifo", pipe.toString());
        var reader = new ProcessBuilder("head", "-c", "1", pipe.toString()).start();
        try (var job = TestJob.alone(); var writer = new FilePlaces().create(pipe.toUri(), -1, job)) {
            writer.write(0, ByteBuffer.wrap(content, 0, 1));
            reader.waitFor();

            var failure = assertThrows(IOException.class, () -> writer.write(1, ByteBuffer.wrap(content)));

            assertTrue(failure.getMessage().startsWith(pipe + ", offset 1: the reader at the other end has gone"),
                    failure.getMessage());
        }
    }

    @Test
    void nothingTakesEverything() throws IOException {
        var sink = new NullSink();
        assertTrue(sink.handles(URI.create("null:-")));
        try (var job = TestJob.alone(); var writer = sink.create(URI.create("null:-"), -1, job)) {
            var data = ByteBuffer.allocate(1000);
            writer.write(5, data);
            assertFalse(data.hasRemaining());
            writer.zero(1005, Long.MAX_VALUE / 2);
            assertTrue(writer.finish(Long.MAX_VALUE).isEmpty());
            writer.commit();
        }
    }
}
