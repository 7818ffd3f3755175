package imprint.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.CancelledException;
import imprint.api.Event;
import imprint.api.Extent;
import imprint.api.Extent.Kind;
import imprint.api.Intake;
import imprint.api.NoSpaceException;
import imprint.api.Stored;
import imprint.api.Tap;
import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.VolumeWriter;
import imprint.api.Volumes;
import imprint.testing.Contents;
import imprint.testing.FaultyVolume;
import imprint.testing.FaultyWriter;
import imprint.testing.MemoryVolume;
import imprint.testing.MemoryWriter;
import imprint.testing.StreamVolume;
import imprint.testing.TestJob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CopyTest {

    private static final int MIB = 1 << 20;

    private final TestJob job = TestJob.alone();
    private final MemoryWriter to = MemoryWriter.named("target");

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 4096, MIB - 1, MIB, MIB + 1, 7 * MIB + 12345})
    void movesEveryByteOfAnySize(int size) throws IOException {
        var from = MemoryVolume.random("source", 7, size);

        var copy = copy(from);

        assertArrayEquals(from.bytes(), to.bytes());
        assertEquals(size, copy.size());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void movesAnyMixOfRuns(long seed) throws IOException {
        var from = MemoryVolume.random("source", seed, 5 * MIB + 77, 4096, Kind.DATA, Kind.ZERO, Kind.UNUSED);

        copy(from);

        assertArrayEquals(Contents.expected(from), to.bytes());
    }

    @Test
    void readsOnlyRunsWithData() throws IOException {
        var runs = List.of(new Extent(0, 4096, Kind.DATA), new Extent(4096, 3L * MIB, Kind.UNUSED),
                new Extent(4096 + 3L * MIB, 2L * MIB, Kind.ZERO));
        var below = MemoryVolume.of("source", new byte[4096 + 5 * MIB]).withRuns(runs);
        var from = new FaultyVolume(below).unreadable(4096, 5L * MIB);

        var copy = copy(from);

        assertEquals(4096, copy.moved());
    }

    @Test
    void readsAStreamToItsEnd() throws IOException {
        var content = MemoryVolume.random("stream", 3, 3 * MIB + 5);

        var copy = copy(new StreamVolume(content));

        assertArrayEquals(content.bytes(), to.bytes());
        assertEquals(content.size(), copy.size());
    }

    @Test
    void stopsAtTheFirstUnreadableSectorAndNamesIt() {
        var from = new FaultyVolume(MemoryVolume.random("disk", 1, 4 * MIB)).unreadable(2 * MIB + 512, 512);
        var wholeReadsFail = new WholeReads(from);

        var failure = assertThrows(VolumeException.Unreadable.class, () -> copy(wholeReadsFail));

        assertTrue(failure.getMessage().startsWith("disk"), failure.getMessage());
        assertEquals(2 * MIB + 512, failure.offset());
    }

    @Test
    void anErrorThatIsGoneTheSecondTimeIsStillAnError() {
        var from = new FaultyVolume(MemoryVolume.random("disk", 1, 4 * MIB)).failingRead(2);

        assertThrows(VolumeException.Unreadable.class, () -> copy(from));
    }

    /** As a device that is read past the cache: a read that touches a bad sector fails from its start. */
    private record WholeReads(Volume below) implements Volume {
        @Override
        public long size() throws IOException {
            return below.size();
        }

        @Override
        public int read(long offset, ByteBuffer target) throws IOException {
            int length = target.remaining();
            try {
                Volumes.readFully(below, offset, target);
                return length;
            } catch (VolumeException.Unreadable e) {
                throw new VolumeException.Unreadable(this, offset, length, new IOException("Input/output error"));
            }
        }

        @Override
        public void close() throws IOException {
            below.close();
        }

        @Override
        public String toString() {
            return below.toString();
        }
    }

    @Test
    void goesOnOverExactlyTheBadSectorsWhenAllowed() throws IOException {
        var content = MemoryVolume.random("disk", 1, 4 * MIB);
        var from = new FaultyVolume(content).unreadable(2 * MIB + 512, 1024).unreadable(3 * MIB, 512);
        var copy = new Copy("writing", from, to, Map.of(), true, true, job);

        copy.run();
        copy.compare(to.finish(copy.size()).orElseThrow());

        assertEquals(1536, copy.bad().stream().mapToLong(Extent::length).sum());
        assertEquals(2 * MIB + 512, copy.bad().getFirst().offset());
        var expected = content.bytes().clone();
        Arrays.fill(expected, 2 * MIB + 512, 2 * MIB + 1536, (byte) 0);
        Arrays.fill(expected, 3 * MIB, 3 * MIB + 512, (byte) 0);
        assertArrayEquals(expected, to.bytes());
    }

    @Test
    void tellsOfLongBadRunsThatAreKnownBeforehand() {
        var runs = List.of(new Extent(0, MIB, Kind.DATA), new Extent(MIB, 3L * MIB, Kind.BAD));
        var from = MemoryVolume.of("disk", new byte[4 * MIB]).withRuns(runs);

        assertThrows(VolumeException.Unreadable.class, () -> copy(from));
    }

    @Test
    void findsWhatReadsBackDifferently() throws IOException {
        var copy = copy(MemoryVolume.random("source", 9, 3 * MIB));
        var written = new FaultyVolume(MemoryVolume.of("written", to.bytes())).flipped(2 * MIB + 99, 0x10);

        var failure = assertThrows(VolumeException.Corrupt.class, () -> copy.compare(written));

        assertEquals(2 * MIB, failure.offset());
    }

    @Test
    void findsZeroesThatDoNotReadBackAsZeroes() throws IOException {
        var runs = List.of(new Extent(0, 2L * MIB, Kind.ZERO), new Extent(2L * MIB, MIB, Kind.DATA));
        var copy = copy(MemoryVolume.of("source", new byte[3 * MIB]).withRuns(runs));
        var other = new byte[3 * MIB];
        other[MIB + 5] = 1;

        assertThrows(VolumeException.Corrupt.class, () -> copy.compare(MemoryVolume.of("written", other)));
    }

    @Test
    void findsAVolumeThatReadsBackShorter() throws IOException {
        var copy = copy(MemoryVolume.random("source", 9, 3 * MIB));
        var written = new FaultyVolume(MemoryVolume.of("written", to.bytes())).truncated(2 * MIB);

        assertThrows(VolumeException.Corrupt.class, () -> copy.compare(written));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void passesOnAFailingWrite(int number) {
        var failing = new FaultyWriter(to).failingWrite(number);

        assertThrows(IOException.class,
                () -> new Copy("writing", MemoryVolume.random("source", 1, 8 * MIB), failing, Map.of(), true, false, job).run());
    }

    @Test
    void passesOnAFullTarget() {
        var full = new FaultyWriter(to).fullAt(3 * MIB + 17);

        assertThrows(NoSpaceException.class,
                () -> new Copy("writing", MemoryVolume.random("source", 1, 8 * MIB), full, Map.of(), true, false, job).run());
    }

    @Test
    void endsWhenCancelledWhileAReadNeverReturns() throws Exception {
        var from = new FaultyVolume(MemoryVolume.random("source", 1, 8 * MIB)).hanging(4 * MIB, 1);
        var canceller = Thread.ofPlatform().start(() -> {
            try {
                from.awaitHang();
                job.cancel();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        assertThrows(CancelledException.class, () -> copy(from));

        canceller.join();
        from.release();
    }

    @Test
    void feedsDigestsWithEveryByteInOrder() throws IOException {
        var from = MemoryVolume.random("source", 4, 3 * MIB + 100, 4096, Kind.DATA, Kind.ZERO, Kind.UNUSED);
        var seen = new Recorder();

        new Copy("writing", from, to, Map.of("recorder", seen), false, false, job).run();

        assertArrayEquals(Contents.expected(from), seen.bytes.toByteArray());
    }

    @Test
    void tellsHowFarItHasCome() throws IOException {
        copy(MemoryVolume.random("source", 4, 3 * MIB));

        var told = job.events().stream().map(Event.Progress.class::cast).toList();
        assertTrue(told.stream().anyMatch(each -> each.phase().equals("writing") && each.done() == 3L * MIB
                && each.total() == 3L * MIB && !each.bottleneck().isEmpty()), told.toString());
        assertEquals("verifying", told.getLast().phase());
    }

    @Test
    void holdsNoMoreThanItsRingOfAnEndlessVolume() throws IOException {
        var from = new Endless(8L << 40);

        var copy = new Copy("writing", from, new Verification.Nowhere(), Map.of(), true, false, job);
        copy.run();

        assertEquals(8L << 40, copy.size());
    }

    @Test
    void letsContentThatNobodyHasToSeeMoveByItself(@TempDir Path folder) throws IOException {
        var content = MemoryVolume.random("source", 6, 20 * MIB + 3);
        var file = Files.write(folder.resolve("source"), content.bytes());
        try (var channel = FileChannel.open(file)) {
            var from = new Lying(new FaultyVolume(content).unreadable(0, 8L * MIB), channel);
            var taking = new Taking(to, 8L * MIB);

            new Copy("writing", from, taking, Map.of(), false, false, job).run();

            assertArrayEquals(content.bytes(), to.bytes());
            assertTrue(taking.refused > 0);
        }
    }

    @Test
    void seesTheContentItselfWhenADigestIsAskedFor(@TempDir Path folder) throws IOException {
        var content = MemoryVolume.random("source", 6, 2 * MIB);
        try (var channel = FileChannel.open(Files.write(folder.resolve("source"), new byte[2 * MIB]))) {
            new Copy("writing", new Lying(content, channel), new Taking(to, 9L * MIB), Map.of("recorder", new Recorder()), false, false,
                    job).run();
        }

        assertArrayEquals(content.bytes(), to.bytes());
    }

    private Copy copy(Volume from) throws IOException {
        var copy = new Copy("writing", from, to, Map.of(), true, false, job);
        copy.run();
        try (var written = to.finish(copy.size()).orElseThrow()) {
            copy.compare(written);
        }
        return copy;
    }

    /** 8 TiB of nothing with a little data in every 64 GiB. */
    private record Endless(long size) implements Volume {
        @Override
        public int read(long offset, ByteBuffer target) {
            int length = (int) Math.min(target.remaining(), size - offset);
            for (int i = 0; i < length; i++) {
                target.put((byte) (offset + i | 1));
            }
            return length;
        }

        @Override
        public Extent extent(long offset) {
            long base = offset & -(1L << 36);
            return offset < base + 4096 ? new Extent(offset, base + 4096 - offset, Kind.DATA)
                    : new Extent(offset, base + (1L << 36) - offset, Kind.UNUSED);
        }

        @Override
        public void close() {}
    }

    /** A volume that says its bytes lie in a file. */
    private record Lying(Volume below, FileChannel channel) implements Volume {
        @Override
        public long size() throws IOException {
            return below.size();
        }

        @Override
        public int read(long offset, ByteBuffer target) throws IOException {
            return below.read(offset, target);
        }

        @Override
        public <A> Optional<A> as(Class<A> ability) {
            return ability != Stored.class ? Optional.empty() : Optional.of(ability.cast(new Stored() {
                @Override
                public FileChannel channel() {
                    return channel;
                }

                @Override
                public long position(long offset) {
                    return offset;
                }

                @Override
                public int alignment() {
                    return 1;
                }
            }));
        }

        @Override
        public void close() {}
    }

    /** A writer that takes from files, before an offset. */
    private static final class Taking implements VolumeWriter {
        private final VolumeWriter below;
        private final long until;
        int refused;

        Taking(VolumeWriter below, long until) {
            this.below = below;
            this.until = until;
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
            return below.finish(size);
        }

        @Override
        public void commit() throws IOException {
            below.commit();
        }

        @Override
        public void close() throws IOException {
            below.close();
        }

        @Override
        public <A> Optional<A> as(Class<A> ability) {
            return ability != Intake.class ? Optional.empty() : Optional.of(ability.cast((Intake) this::take));
        }

        private boolean take(FileChannel from, long position, long offset, long length) throws IOException {
            if (offset + length > until) {
                refused++;
                return false;
            }
            var buffer = ByteBuffer.allocate((int) length);
            while (buffer.hasRemaining() && from.read(buffer, position + buffer.position()) > 0) {
                continue;
            }
            below.write(offset, buffer.flip());
            return true;
        }
    }

    private static final class Recorder implements Tap {
        final java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();

        @Override
        public void update(ByteBuffer data) {
            while (data.hasRemaining()) {
                bytes.write(data.get());
            }
        }

        @Override
        public void zero(long length) {
            bytes.writeBytes(new byte[(int) length]);
        }

        @Override
        public Map<String, String> digests() {
            return Map.of();
        }

        @Override
        public void seal(imprint.api.FileSet files) {}
    }
}
