package imprint.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.Extent;
import imprint.api.Extent.Kind;
import imprint.api.NoSpaceException;
import imprint.api.Patch;
import imprint.api.VolumeException;
import imprint.api.Volumes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What the other tests stand on. */
class VolumesForTestsTest {

    private static final byte[] BYTES = MemoryVolume.random("bytes", 5, 10_000).bytes();

    @Test
    void aSparseVolumeOfManyTerabytesIsTheSameTwice() throws Exception {
        var one = new SparseVolume("big", 7, 40L << 40);
        var two = new SparseVolume("big", 7, 40L << 40);
        var kinds = EnumSet.noneOf(Kind.class);
        long data = 0;
        for (long at = 0; at < one.size();) {
            var run = one.extent(at);
            assertEquals(run, two.extent(at));
            kinds.add(run.kind());
            data += run.kind() == Kind.DATA ? run.length() : 0;
            at = run.end();
        }

        assertEquals(Set.of(Kind.DATA, Kind.ZERO, Kind.UNUSED), kinds);
        assertTrue(data > 50 << 20 && data <= 256 << 20, data + " bytes of data");
        long there = (40L << 40) / 3;
        var whole = Volumes.read(one, there, 9000).array();
        assertArrayEquals(whole, Contents.readAll(new FaultyVolume(Volumes.slice(two, there, 9000, "slice")).shortReads(7), 9000));
    }

    @Test
    void aFaultyVolumeFailsWhereItWasAskedTo() throws Exception {
        var volume = new FaultyVolume(MemoryVolume.of("disk", BYTES)).unreadable(5000, 512).flipped(100, 1).truncated(9000);

        assertEquals(9000, volume.size());
        assertEquals(BYTES[100] ^ 1, Volumes.read(volume, 0, 200).get(100));
        assertEquals(10, volume.read(4990, ByteBuffer.allocate(100)), "stops before what it cannot read");
        var failure = assertThrows(VolumeException.Unreadable.class, () -> volume.read(5000, ByteBuffer.allocate(1)));
        assertEquals(5000, failure.offset());
        assertEquals(512, failure.length());
        assertEquals(BYTES[5512], Volumes.read(volume, 5512, 1).get());
        assertEquals(-1, volume.read(9000, ByteBuffer.allocate(1)));
    }

    @Test
    void aFaultyVolumeFailsOnce() throws Exception {
        var volume = new FaultyVolume(MemoryVolume.of("disk", BYTES)).failingRead(2);

        Volumes.read(volume, 0, 10);
        assertThrows(VolumeException.Unreadable.class, () -> Volumes.read(volume, 0, 10));
        Volumes.read(volume, 0, 10);

        assertEquals(3, volume.reads());
    }

    @Test
    void aHangingReadGoesOnWhenReleasedAndEndsWhenInterrupted() throws Exception {
        var volume = new FaultyVolume(MemoryVolume.of("disk", BYTES)).hanging(5000, 10);
        try (var threads = Executors.newCachedThreadPool()) {
            var interrupted = threads.submit(() -> assertThrows(InterruptedIOException.class, () -> {
                Thread.currentThread().interrupt();
                volume.read(5005, ByteBuffer.allocate(1));
            }));
            interrupted.get();
            var hanging = threads.submit(() -> volume.read(4999, ByteBuffer.allocate(10)));
            volume.awaitHang();
            assertFalse(hanging.isDone());

            volume.release();

            assertEquals(10, hanging.get());
        }
    }

    @Test
    void aWriterInMemoryKeepsRunsAndPatches() throws Exception {
        var writer = MemoryWriter.named("image");
        writer.write(0, ByteBuffer.wrap(BYTES, 0, 100));
        writer.zero(100, 50);
        writer.write(200, ByteBuffer.wrap(BYTES, 200, 10));
        writer.as(Patch.class).orElseThrow().patch(90, ByteBuffer.wrap(new byte[20]));
        writer.finish(300);
        assertTrue(writer.committed().isEmpty());

        writer.commit();

        var volume = writer.committed().orElseThrow();
        assertEquals(new Extent(100, 10, Kind.DATA), volume.extent(100), "patched");
        assertEquals(new Extent(110, 40, Kind.ZERO), volume.extent(110));
        assertEquals(new Extent(150, 50, Kind.UNUSED), volume.extent(150));
        assertEquals(new Extent(210, 90, Kind.UNUSED), volume.extent(210));
    }

    @Test
    void aWriterInMemoryIsStrict() throws Exception {
        var writer = MemoryWriter.named("image").bounded(100);
        writer.write(10, ByteBuffer.allocate(10));

        assertThrows(AssertionError.class, () -> writer.write(5, ByteBuffer.allocate(1)), "descending");
        assertThrows(AssertionError.class, writer::commit, "before finish");
        assertThrows(NoSpaceException.class, () -> writer.zero(50, 51));
        assertThrows(AssertionError.class, () -> writer.finish(19), "less than was written");
        assertTrue(MemoryWriter.named("pipe").asStream().as(Patch.class).isEmpty());
    }

    @Test
    void aFaultyWriterFailsWhereItWasAskedToAndKeepsTheCalls() throws Exception {
        var below = MemoryWriter.named("image");
        var writer = new FaultyWriter(below).failingWrite(2).fullAt(1000).failingCommit();

        writer.write(0, ByteBuffer.allocate(10));
        assertThrows(IOException.class, () -> writer.zero(10, 10));
        assertThrows(NoSpaceException.class, () -> writer.write(995, ByteBuffer.allocate(10)));
        writer.finish(10);
        assertThrows(IOException.class, writer::commit);

        assertFalse(below.isCommitted());
        assertEquals(List.of("write", "zero", "write", "finish", "commit"), writer.calls().stream().map(FaultyWriter.Call::what).toList());
    }

    @Test
    void aStreamDoesNotGoBack() throws Exception {
        var stream = new StreamVolume(MemoryVolume.of("pipe", BYTES));

        assertEquals(-1, stream.size());
        Volumes.read(stream, 100, 100);
        assertThrows(VolumeException.Unsupported.class, () -> stream.read(150, ByteBuffer.allocate(1)));
        Volumes.read(stream, 300, 10);
    }

    @Test
    void aJobNoticesWorkLeftBehind() {
        var job = TestJob.alone();
        var volume = new FaultyVolume(MemoryVolume.of("disk", BYTES)).hanging(0, 1);
        job.workers().submit(() -> volume.read(0, ByteBuffer.allocate(1)));

        assertThrows(AssertionError.class, job::close);
    }
}
