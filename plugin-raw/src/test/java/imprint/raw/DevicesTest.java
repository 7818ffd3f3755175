package imprint.raw;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.NoSpaceException;
import imprint.api.Parallel;
import imprint.api.Place;
import imprint.api.RefusedException;
import imprint.api.Stored;
import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.Volumes;
import imprint.raw.Commands.Loop;
import imprint.raw.Commands.Mounted;
import imprint.testing.Contents;
import imprint.testing.MemoryVolume;
import imprint.testing.Seed;
import imprint.testing.TestJob;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** On real loop devices, as root. */
@ExtendWith(Seed.class)
class DevicesTest {

    private static final int MIB = 1 << 20;
    private static final int SECTOR = 512;

    /** No multiple of a page: the tail is odd. */
    private static final int SIZE = 8 * MIB + 3 * SECTOR;

    private final TestJob job = TestJob.alone();
    private final FilePlaces places = new FilePlaces();
    private final byte[] content = new byte[SIZE];

    @TempDir
    Path folder;

    private Path backing;

    @BeforeEach
    void fillBacking() throws Exception {
        new Random(Seed.value()).nextBytes(content);
        backing = Files.write(folder.resolve("disk.img"), content);
    }

    @AfterEach
    void endJob() {
        job.close();
    }

    @Test
    void readsToTheLastSectorInEveryKindOfBuffer() throws Exception {
        try (var loop = Loop.over(backing); var arena = Arena.ofShared(); var volume = places.open(loop.device().toUri(), job)) {
            assertEquals(SIZE, volume.size());
            assertEquals(loop.device().toString(), volume.toString());
            assertArrayEquals(content, Contents.readAll(volume, 2 * SIZE));
            for (var buffer : List.of(ByteBuffer.allocate(SIZE), ByteBuffer.allocateDirect(SIZE + 1).position(1),
                    arena.allocate(SIZE, 4096).asByteBuffer())) {
                var target = buffer.slice();
                Volumes.readFully(volume, 0, target);
                assertEquals(ByteBuffer.wrap(content), target.flip());
            }
            var odd = ByteBuffer.allocate(1000);
            Volumes.readFully(volume, SIZE - 1003, odd);
            assertArrayEquals(Arrays.copyOfRange(content, SIZE - 1003, SIZE - 3), odd.array());
            assertEquals(-1, volume.read(SIZE, ByteBuffer.allocate(1)));
            assertEquals(SIZE - 100, volume.extent(100).length());
            assertEquals(2, volume.as(Parallel.class).orElseThrow().readers());
            assertEquals(4096, volume.as(Stored.class).orElseThrow().alignment());
        }
    }

    @Test
    void writesWhatItReadsBackFromTheMedium() throws Exception {
        var random = new Random(Seed.value() + 1);
        var other = new byte[SIZE];
        random.nextBytes(other);
        try (var loop = Loop.over(backing)) {
            try (var writer = places.create(loop.device().toUri(), SIZE, job)) {
                assertEquals(SIZE, writer.capacity());
                Contents.write(MemoryVolume.of("content", other), writer, random);
                try (var back = writer.finish(SIZE).orElseThrow()) {
                    assertArrayEquals(other, Contents.readAll(back, SIZE));
                }
                writer.commit();
            }
        }
        assertArrayEquals(other, Files.readAllBytes(backing));
    }

    @Test
    void writesAlignedPiecesPastTheCache() throws Exception {
        try (var loop = Loop.over(backing); var arena = Arena.ofConfined();
                var writer = places.create(loop.device().toUri(), SIZE, job)) {
            var piece = arena.allocate(SIZE, 4096).asByteBuffer();
            piece.put(0, (byte) 1).put(SIZE - 1, (byte) 2);
            writer.write(0, piece);
            assertFalse(piece.hasRemaining());
            var back = Contents.readAll(writer.finish(SIZE).orElseThrow(), SIZE);
            assertEquals(1, back[0]);
            assertEquals(2, back[SIZE - 1]);
        }
    }

    @Test
    void makesZeroesOfAnyLengthAndLeavesTheRestAlone() throws Exception {
        try (var loop = Loop.over(backing); var writer = places.create(loop.device().toUri(), SIZE, job)) {
            writer.zero(1000, 3 * MIB);
            writer.write(5 * MIB + 1, ByteBuffer.wrap(new byte[] {7}));
            writer.finish(SIZE);
            writer.commit();
        }
        var expected = content.clone();
        Arrays.fill(expected, 1000, 1000 + 3 * MIB, (byte) 0);
        expected[5 * MIB + 1] = 7;
        assertArrayEquals(expected, Files.readAllBytes(backing));
    }

    @Test
    void writesNothingWhenItIsOnlyOpened() throws Exception {
        try (var loop = Loop.over(backing)) {
            places.create(loop.device().toUri(), SIZE, job).close();
            places.inspect(loop.device().toUri());
        }
        assertArrayEquals(content, Files.readAllBytes(backing));
    }

    @Test
    void refusesWhatDoesNotFitBeforeTheFirstByte() throws Exception {
        try (var loop = Loop.over(backing)) {
            assertThrows(NoSpaceException.class, () -> places.create(loop.device().toUri(), SIZE + 1, job));
            try (var writer = places.create(loop.device().toUri(), -1, job)) {
                var refusal = assertThrows(NoSpaceException.class, () -> writer.write(SIZE - 1, ByteBuffer.allocate(2)));
                assertTrue(refusal.getMessage().contains("the device ends at " + SIZE), refusal.getMessage());
            }
        }
        assertArrayEquals(content, Files.readAllBytes(backing));
    }

    @Test
    void refusesADeviceThatIsMounted() throws Exception {
        Commands.run("mkfs.ext4", "-q", "-F", backing.toString());
        try (var loop = Loop.over(backing);
                var mounted = Mounted.at(folder.resolve("mnt"), loop.device().toString())) {
            var place = places.inspect(loop.device().toUri());
            assertEquals(List.of("mounted at " + mounted.point()), place.uses());

            var refusal = assertThrows(RefusedException.class, () -> places.create(loop.device().toUri(), -1, job));

            assertTrue(refusal.getMessage().contains("mounted at " + mounted.point()), refusal.getMessage());
        }
    }

    @Test
    void twoWritersOfOneDeviceExcludeEachOther() throws Exception {
        try (var loop = Loop.over(backing); var first = places.create(loop.device().toUri(), -1, job)) {
            assertEquals(SIZE, first.capacity());
            assertThrows(RefusedException.class, () -> places.create(loop.device().toUri(), -1, job));
        }
    }

    @Test
    void refusesADeviceThatIsWriteProtected() throws Exception {
        try (var loop = Loop.over(backing, "--read-only")) {
            assertEquals(List.of("write-protected"), places.inspect(loop.device().toUri()).uses());
            assertThrows(RefusedException.class, () -> places.create(loop.device().toUri(), -1, job));
        }
        assertArrayEquals(content, Files.readAllBytes(backing));
    }

    @Test
    void tellsDeviceFileAndPartOfItApart() throws Exception {
        Commands.run("truncate", "-s", "16M", backing.toString());
        try (var loop = Loop.over(backing); var part = Loop.over(backing, "--offset", "1048576", "--sizelimit", "1048576")) {
            var whole = places.inspect(loop.device().toUri());
            var piece = places.inspect(part.device().toUri());
            var file = places.inspect(backing.toUri());

            assertEquals(Place.Kind.DEVICE, whole.kind());
            assertEquals(16 * MIB, whole.size());
            assertEquals(SECTOR, whole.sectorSize());
            assertEquals(backing.toString(), whole.facts().get("backing"));
            assertEquals("loop", whole.facts().get("transport"));
            assertTrue(whole.same(file) && file.same(whole));
            assertFalse(piece.same(file));
            assertTrue(piece.inside(file));
            assertTrue(piece.inside(whole));
            assertEquals(List.of("attached as " + loop.device(), "attached as " + part.device()), file.uses());
            assertTrue(places.places().stream().anyMatch(place -> place.name().equals(loop.device().toString())));
        }
    }

    @Test
    void aPartitionLiesInItsDiskAndItsMountCountsForTheDisk() throws Exception {
        Commands.run("truncate", "-s", "64M", backing.toString());
        Commands.run("sh", "-c", "printf '2048,32768,L\\n34816,,L\\n' | sfdisk --quiet --wipe always " + backing);
        try (var loop = Loop.over(backing)) {
            Commands.run("partx", "--add", loop.device().toString());
            try {
                var first = Path.of(loop.device() + "p1");
                Commands.run("mkfs.ext4", "-q", first.toString());
                try (var mounted = Mounted.at(folder.resolve("mnt"), first.toString())) {
                    var disk = places.inspect(loop.device().toUri());
                    var partition = places.inspect(first.toUri());

                    assertEquals("MBR partition table, 2 entries", disk.facts().get("holds"));
                    assertEquals("ext file system", partition.facts().get("holds"));
                    assertEquals(List.of("mounted at " + mounted.point() + " (partition " + loop.name() + "p1)"), disk.uses());
                    assertEquals(List.of("mounted at " + mounted.point()), partition.uses());
                    assertEquals(List.of(), places.inspect(Path.of(loop.device() + "p2").toUri()).uses());
                    assertTrue(partition.inside(disk));
                    assertTrue(partition.inside(places.inspect(backing.toUri())));
                    assertFalse(partition.same(disk));
                    assertTrue(places.inspect(mounted.point().resolve("new.img").toUri()).inside(disk));
                    assertThrows(RefusedException.class, () -> places.create(loop.device().toUri(), -1, job));
                }
            } finally {
                Commands.run("partx", "--delete", loop.device().toString());
            }
        }
    }

    @Test
    void readsAnewPartitionTableAtCommitAndGoesOnWithout() throws Exception {
        Commands.run("truncate", "-s", "8M", backing.toString());
        try (var loop = Loop.over(backing, "--partscan"); var writer = places.create(loop.device().toUri(), -1, job)) {
            assertThrows(IllegalStateException.class, writer::commit);
            writer.finish(8 * MIB);
            writer.commit();
        }
    }

    @Test
    void swapIsInUse() throws Exception {
        Commands.run("truncate", "-s", "16M", backing.toString());
        Commands.run("mkswap", backing.toString());
        try (var loop = Loop.over(backing)) {
            Commands.run("swapon", loop.device().toString());
            try {
                assertEquals(List.of("used as swap"), places.inspect(loop.device().toUri()).uses());
                assertEquals("swap", places.inspect(loop.device().toUri()).facts().get("holds"));
                assertThrows(RefusedException.class, () -> places.create(loop.device().toUri(), -1, job));
            } finally {
                Commands.run("swapoff", loop.device().toString());
            }
        }
    }

    @Test
    void namesEachSectorThatCannotBeReadAndNoOther() throws Exception {
        try (var failing = FailingDisk.of(backing, folder, "0x0 0x100000 +\n0x100000 0x1000 -\n0x101000 0xFF200 +\n0x200200 0x200 -\n0x200400 0x600200 +\n");
                var volume = places.open(failing.loop().device().toUri(), job)) {
            var whole = ByteBuffer.allocateDirect(MIB);
            assertEquals(MIB, Volumes.readUpTo(volume, 0, whole));
            var lost = assertThrows(VolumeException.Unreadable.class, () -> readAt(volume, MIB, 64 * 1024));
            assertEquals(MIB, lost.offset());
            assertTrue(lost.length() <= 64 * 1024);

            for (int sector = 0; sector < 32; sector++) {
                int at = 2 * MIB + sector * SECTOR;
                if (sector == 1) {
                    assertEquals(SECTOR, assertThrows(VolumeException.Unreadable.class, () -> readAt(volume, at, SECTOR)).length());
                } else {
                    assertArrayEquals(Arrays.copyOfRange(content, at, at + SECTOR), readAt(volume, at, SECTOR));
                }
            }
            assertArrayEquals(Arrays.copyOfRange(content, MIB + 4096, MIB + 4096 + 700), readAt(volume, MIB + 4096, 700));
        }
    }

    private static byte[] readAt(Volume volume, long offset, int length) throws Exception {
        var target = ByteBuffer.allocate(length);
        Volumes.readFully(volume, offset, target);
        return target.array();
    }

    /** A disk with bad sectors: nbdkit behind nbdfuse behind a loop device past the cache. */
    private record FailingDisk(Path socket, Path pid, Path point, Loop loop) implements AutoCloseable {

        static FailingDisk of(Path image, Path folder, String runs) throws Exception {
            var map = Files.writeString(folder.resolve("bad.map"), "0x0 +\n" + runs);
            var socket = folder.resolve("disk.sock");
            var pid = folder.resolve("disk.pid");
            var point = Files.createDirectory(folder.resolve("fuse"));
            Commands.run("nbdkit", "--readonly", "-U", socket.toString(), "-P", pid.toString(), "--filter=ddrescue", "file",
                    image.toString(), "ddrescue-mapfile=" + map);
            new ProcessBuilder("nbdfuse", "-r", point + "/", "nbd+unix:///?socket=" + socket).inheritIO().start();
            var disk = point.resolve("nbd");
            for (long end = System.nanoTime() + 20_000_000_000L; !Files.exists(disk); Thread.onSpinWait()) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("nbdfuse does not mount");
                }
            }
            return new FailingDisk(socket, pid, point, Loop.over(disk, "--direct-io=on", "--read-only"));
        }

        @Override
        public void close() throws Exception {
            loop.close();
            Commands.run("fusermount3", "-u", point.toString());
            Commands.run("kill", Files.readString(pid).strip());
        }
    }
}
