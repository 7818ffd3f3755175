package imprint.raw;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.BusyException;
import imprint.api.Extent;
import imprint.api.Extent.Kind;
import imprint.api.Intake;
import imprint.api.NoSpaceException;
import imprint.api.Patch;
import imprint.api.Place;
import imprint.api.Stored;
import imprint.api.VolumeException;
import imprint.api.Volumes;
import imprint.testing.Contents;
import imprint.testing.MemoryVolume;
import imprint.testing.Seed;
import imprint.testing.TestJob;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(Seed.class)
class FilePlacesTest {

    private static final int MIB = 1 << 20;

    private final TestJob job = TestJob.alone();
    private final FilePlaces places = new FilePlaces();
    private final Random random = new Random(Seed.value());

    @TempDir
    Path folder;

    @AfterEach
    void endJob() {
        job.close();
    }

    @Test
    void readsWhatDdWrote() throws Exception {
        var file = folder.resolve("a.img");
        Commands.run("dd", "if=/dev/urandom", "of=" + file, "bs=1000", "count=1234", "status=none");

        try (var volume = places.open(file.toUri(), job)) {
            assertEquals(1_234_000, volume.size());
            assertEquals("a.img", volume.toString());
            assertArrayEquals(Files.readAllBytes(file), Contents.readAll(volume, 2 * MIB));
            assertEquals(-1, volume.read(1_234_000, ByteBuffer.allocate(1)));
            assertThrows(IndexOutOfBoundsException.class, () -> volume.extent(1_234_000));
        }
    }

    @Test
    void handlesNamesThatAreNoUtf8() throws Exception {
        var name = URI.create(folder.toUri() + "%FFname%20with%20blanks");
        Commands.run("sh", "-c", "printf hello > \"$1\"/\"$(printf '\\377')name with blanks\"", "sh", folder.toString());

        try (var volume = places.open(name, job)) {
            assertEquals("hello", new String(Contents.readAll(volume, 10)));
            assertEquals(Kind.DATA, volume.extent(0).kind());
        }
    }

    @Test
    void tellsHolesFromDataAndMergesTheSmallOnes() throws Exception {
        var file = Commands.sparse(folder.resolve("sparse.img"), 64L * MIB);
        Commands.run("dd", "if=/dev/urandom", "of=" + file, "bs=4K", "count=1", "seek=2048", "conv=notrunc", "status=none");
        Commands.run("dd", "if=/dev/urandom", "of=" + file, "bs=4K", "count=1", "seek=2052", "conv=notrunc", "status=none");

        try (var volume = places.open(file.toUri(), job)) {
            assertEquals(new Extent(0, 8 * MIB, Kind.ZERO), volume.extent(0));
            assertEquals(new Extent(8 * MIB, 20480, Kind.DATA), volume.extent(8 * MIB));
            assertEquals(new Extent(8 * MIB + 20480, 56 * MIB - 20480, Kind.ZERO), volume.extent(8 * MIB + 20480));
            assertEquals(new Extent(8 * MIB + 5000, 15480, Kind.DATA), volume.extent(8 * MIB + 5000));
        }
    }

    @Test
    void keepsItsRunsWhenTheFileChanges() throws Exception {
        var file = Commands.sparse(folder.resolve("sparse.img"), 4L * MIB);
        try (var volume = places.open(file.toUri(), job)) {
            var before = volume.extent(0);

            Commands.run("dd", "if=/dev/urandom", "of=" + file, "bs=1M", "count=4", "conv=notrunc", "status=none");

            assertEquals(before, volume.extent(0));
        }
    }

    @Test
    void saysSoWhenTheFileWasCutShort() throws Exception {
        var file = Commands.sparse(folder.resolve("a.img"), MIB);
        try (var volume = places.open(file.toUri(), job)) {
            Commands.run("truncate", "-s", "1000", file.toString());

            var refusal = assertThrows(VolumeException.Corrupt.class, () -> volume.read(4096, ByteBuffer.allocate(10)));

            assertTrue(refusal.getMessage().startsWith("a.img, offset 4096: "), refusal.getMessage());
        }
    }

    @Test
    void givesBackWhateverWasWritten() throws Exception {
        var content = new byte[5 * MIB + 777];
        random.nextBytes(content);
        var memory = MemoryVolume.of("content", content);
        var target = folder.resolve("out.img");

        try (var writer = places.create(target.toUri(), content.length, job)) {
            Contents.write(memory, writer, random);
            try (var back = writer.finish(content.length).orElseThrow()) {
                assertArrayEquals(content, Contents.readAll(back, content.length));
            }
            assertFalse(Files.exists(target));
            writer.commit();
        }

        assertArrayEquals(content, Files.readAllBytes(target));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
        assertEquals(1, folder.toFile().list().length);
    }

    @Test
    void leavesHolesWhereNothingWasWritten() throws Exception {
        var target = folder.resolve("out.img");
        try (var writer = places.create(target.toUri(), -1, job)) {
            writer.write(16 * MIB, ByteBuffer.wrap(new byte[] {1, 2, 3}));
            writer.zero(20 * MIB, 20 * MIB);
            var back = writer.finish(100 * MIB).orElseThrow();
            assertEquals(new Extent(0, 16 * MIB, Kind.ZERO), back.extent(0));
            writer.commit();
        }

        assertEquals(100 * MIB, Files.size(target));
        assertTrue(Long.parseLong(Commands.run("stat", "-c", "%b", target.toString())) <= 32);
    }

    @Test
    void leavesTheOldFileUntilItIsCommitted() throws Exception {
        var target = Files.writeString(folder.resolve("out.img"), "old");

        try (var writer = places.create(target.toUri(), -1, job)) {
            writer.write(0, ByteBuffer.wrap("new".getBytes()));
            writer.finish(3);
        }
        assertEquals("old", Files.readString(target));
        assertFalse(Files.exists(folder.resolve("out.img.partial")));

        try (var writer = places.create(target.toUri(), -1, job)) {
            writer.write(0, ByteBuffer.wrap("new".getBytes()));
            writer.finish(3);
            writer.commit();
        }
        assertEquals("new", Files.readString(target));
    }

    @Test
    void replacesALinkAndNotWhatItPointsTo() throws Exception {
        var precious = Files.writeString(folder.resolve("precious"), "old");
        var link = Files.createSymbolicLink(folder.resolve("out.img"), precious);

        try (var writer = places.create(link.toUri(), -1, job)) {
            writer.finish(3);
            writer.commit();
        }

        assertEquals("old", Files.readString(precious));
        assertTrue(Files.isRegularFile(link, java.nio.file.LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void twoWritersOfOneNameExcludeEachOther() throws Exception {
        var target = folder.resolve("out.img").toUri();
        try (var first = places.create(target, -1, job)) {
            first.write(0, ByteBuffer.wrap(new byte[] {7}));

            var refusal = assertThrows(BusyException.class, () -> places.create(target, -1, job));

            assertTrue(refusal.getMessage().contains("out.img.partial"), refusal.getMessage());
            first.finish(1);
            first.commit();
        }
        assertArrayEquals(new byte[] {7}, Files.readAllBytes(folder.resolve("out.img")));
    }

    @Test
    void doesNotReplaceWhatSomebodyReads() throws Exception {
        var target = Files.writeString(folder.resolve("out.img"), "old");
        try (var reader = places.open(target.toUri(), job); var other = places.open(target.toUri(), job)) {
            assertEquals(3, reader.size() + other.size() - 3);
            assertThrows(BusyException.class, () -> places.create(target.toUri(), -1, job));
        }
        places.create(target.toUri(), -1, job).close();
        assertEquals("old", Files.readString(target));
    }

    @Test
    void excludesOtherProcessesToo() throws Exception {
        var target = folder.resolve("out.img");
        try (var writer = places.create(target.toUri(), -1, job)) {
            assertEquals("out.img", writer.toString());
            Commands.runWith(1, "flock", "--nonblock", folder.resolve("out.img.partial").toString(), "true");
        }
    }

    @Test
    void replacesWhatAKilledJobLeft() throws Exception {
        Files.writeString(folder.resolve("out.img.partial"), "half of something longer");

        try (var writer = places.create(folder.resolve("out.img").toUri(), -1, job)) {
            writer.finish(2);
            writer.commit();
        }

        assertArrayEquals(new byte[2], Files.readAllBytes(folder.resolve("out.img")));
    }

    @Test
    void doesNotWriteThroughALinkUnderTheTemporaryName() throws Exception {
        var precious = Files.writeString(folder.resolve("precious"), "old");
        Files.createSymbolicLink(folder.resolve("out.img.partial"), precious);

        assertThrows(FileSystemException.class, () -> places.create(folder.resolve("out.img").toUri(), -1, job));

        assertEquals("old", Files.readString(precious));
    }

    @Test
    void givesTheFileToThePersonBehindSudo() throws Exception {
        var sudo = new FilePlaces(Path.of("/sys"), Path.of("/proc"), Map.of("SUDO_UID", "1234", "SUDO_GID", "2345"));
        var target = folder.resolve("out.img");

        try (var writer = sudo.create(target.toUri(), -1, job)) {
            writer.finish(0);
            writer.commit();
        }

        assertEquals("1234:2345 600", Commands.run("stat", "-c", "%u:%g %a", target.toString()));
    }

    @Test
    void rewritesEarlierBytes() throws Exception {
        var target = folder.resolve("out.img");
        try (var writer = places.create(target.toUri(), -1, job)) {
            writer.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
            writer.as(Patch.class).orElseThrow().patch(1, ByteBuffer.wrap(new byte[] {9}));
            assertThrows(IllegalArgumentException.class,
                    () -> writer.as(Patch.class).orElseThrow().patch(4, ByteBuffer.wrap(new byte[] {9})));
            assertEquals(2, writer.as(Stored.class).orElseThrow().position(2));
            writer.finish(4);
            writer.commit();
        }
        assertArrayEquals(new byte[] {1, 9, 3, 4}, Files.readAllBytes(target));
    }

    @Test
    void takesInWhatLiesInAnotherFile() throws Exception {
        var source = folder.resolve("source.img");
        var content = new byte[3 * MIB];
        random.nextBytes(content);
        Files.write(source, content);
        var target = folder.resolve("out.img");

        try (var volume = places.open(source.toUri(), job); var writer = places.create(target.toUri(), -1, job)) {
            var stored = volume.as(Stored.class).orElseThrow();
            var intake = writer.as(Intake.class).orElseThrow();
            assertTrue(intake.take(stored.channel(), stored.position(MIB), 4 * MIB, 2 * MIB));
            assertFalse(intake.take(stored.channel(), stored.position(2 * MIB), 6 * MIB, 2 * MIB), "the source ends before");
            writer.finish(8 * MIB);
            writer.commit();
        }

        var expected = java.util.Arrays.copyOfRange(content, MIB, 3 * MIB);
        assertArrayEquals(expected, java.util.Arrays.copyOfRange(Files.readAllBytes(target), 4 * MIB, 6 * MIB));
    }

    @Test
    void namesTheOffsetWhereTheSpaceEnded() throws Exception {
        try (var small = Commands.Mounted.at(folder.resolve("small"), "-t", "tmpfs", "-o", "size=2m", "none")) {
            var target = small.point().resolve("out.img");
            try (var writer = places.create(target.toUri(), -1, job)) {
                var failure = assertThrows(NoSpaceException.class, () -> writer.write(0, ByteBuffer.allocateDirect(3 * MIB)));

                assertTrue(failure.getMessage().startsWith("out.img, offset 2097152: no space for 1048576 more bytes"),
                        failure.getMessage());
            }
            assertEquals(0, small.point().toFile().list().length);
        }
    }

    @Test
    void saysThatTheFolderIsMissing() {
        var failure = assertThrows(NoSuchFileException.class,
                () -> places.create(folder.resolve("no/out.img").toUri(), -1, job));

        assertTrue(failure.getMessage().contains("the folder"), failure.getMessage());
    }

    @Test
    void saysThatAFolderIsNoImage() {
        assertThrows(FileSystemException.class, () -> places.open(folder.toUri(), job));
        assertThrows(FileSystemException.class, () -> places.create(folder.toUri(), -1, job));
        assertThrows(NoSuchFileException.class, () -> places.open(folder.resolve("none").toUri(), job));
    }

    @Test
    void finishesOnceAndCommitsOnce() throws Exception {
        try (var writer = places.create(folder.resolve("out.img").toUri(), -1, job)) {
            assertThrows(IllegalStateException.class, writer::commit);
            writer.write(0, ByteBuffer.wrap(new byte[10]));
            assertThrows(IllegalArgumentException.class, () -> writer.finish(9));
            writer.finish(10);
            assertThrows(IllegalStateException.class, () -> writer.finish(10));
            writer.commit();
            assertThrows(IllegalStateException.class, writer::commit);
        }
    }

    @Test
    void aFileKeepsItsNameWhenItIsCutAtZeroBytes() throws Exception {
        var empty = Files.createFile(folder.resolve("empty.img"));
        try (var volume = places.open(empty.toUri(), job)) {
            assertEquals(0, volume.size());
            assertEquals(-1, volume.read(0, ByteBuffer.allocate(1)));
            assertThrows(IndexOutOfBoundsException.class, () -> volume.extent(0));
        }
    }

    @Test
    void inspectsFilesByWhatTheyAreAndNotByName() throws Exception {
        var file = Files.writeString(folder.resolve("a.img"), "some bytes");
        var hard = Files.createLink(folder.resolve("hard.img"), file);
        var soft = Files.createSymbolicLink(folder.resolve("soft.img"), file);

        var one = places.inspect(file.toUri());

        assertEquals(Place.Kind.FILE, one.kind());
        assertEquals(10, one.size());
        assertEquals(1, one.sectorSize());
        assertEquals("nothing known", one.facts().get("holds"));
        assertEquals(Files.getFileStore(file).getUsableSpace() / MIB / 64, one.room() / MIB / 64);
        assertTrue(one.same(places.inspect(hard.toUri())));
        assertTrue(one.same(places.inspect(soft.toUri())));
        assertFalse(one.same(places.inspect(Files.createFile(folder.resolve("b.img")).toUri())));
        assertEquals(Place.Kind.ABSENT, places.inspect(folder.resolve("none").toUri()).kind());
        assertEquals(Place.Kind.ABSENT, places.inspect(folder.resolve("none/at/all").toUri()).kind());
        assertEquals(Place.Kind.FOLDER, places.inspect(folder.toUri()).kind());
    }

    @Test
    void aFileLiesInTheDeviceOfItsFileSystem() throws Exception {
        var image = Commands.sparse(folder.resolve("ext.img"), 16L * MIB);
        Commands.run("mkfs.ext4", "-q", image.toString());
        try (var loop = Commands.Loop.over(image);
                var mounted = Commands.Mounted.at(folder.resolve("mnt"), loop.device().toString())) {
            var inner = Files.writeString(mounted.point().resolve("inner.img"), "x");

            var place = places.inspect(inner.toUri());

            assertTrue(place.inside(places.inspect(loop.device().toUri())));
            assertTrue(place.inside(places.inspect(image.toUri())), place.within().toString());
            assertEquals(java.util.List.of("attached as " + loop.device(),
                    "mounted at " + mounted.point() + " through " + loop.device()), places.inspect(image.toUri()).uses());
            assertEquals("ext file system", places.inspect(image.toUri()).facts().get("holds"));
        }
    }

    @Test
    void aPipeInTheFileSystemIsReadAndWrittenInOnePass() throws Exception {
        var pipe = folder.resolve("pipe");
        Commands.run("mkfifo", pipe.toString());
        var content = new byte[3 * MIB];
        random.nextBytes(content);
        var writing = job.workers().submit(() -> {
            try (var writer = places.create(pipe.toUri(), -1, job)) {
                Contents.write(MemoryVolume.of("content", content), writer, new Random(1));
                assertTrue(writer.finish(content.length).isEmpty());
                writer.commit();
            }
            return null;
        });

        try (var volume = places.open(pipe.toUri(), job)) {
            assertEquals(-1, volume.size());
            assertArrayEquals(content, Contents.readAll(volume, 4 * MIB));
        }
        writing.get();
        assertEquals(Place.Kind.STREAM, places.inspect(pipe.toUri()).kind());
    }

    @Test
    void aFullPipeIsNoSpace() throws Exception {
        try (var writer = places.create(URI.create("file:///dev/full"), -1, job)) {
            assertThrows(NoSpaceException.class, () -> writer.write(0, ByteBuffer.allocate(10)));
        }
    }

    @Test
    void handlesLocalFilesOnly() {
        assertTrue(places.handles(URI.create("file:///a")));
        assertTrue(places.handles(URI.create("file:/a")));
        assertFalse(places.handles(URI.create("file://host/a")));
        assertFalse(places.handles(URI.create("stdio:-")));
        assertFalse(places.handles(URI.create("file:a")));
    }

    @Test
    void opensItsSourceForReadingOnly() throws Exception {
        var source = Commands.sparse(folder.resolve("source.img"), 4L * MIB);
        Commands.run("dd", "if=/dev/urandom", "of=" + source, "bs=1M", "count=1", "conv=notrunc", "status=none");
        var before = Commands.run("sha256sum", source.toString());
        var log = folder.resolve("log");

        Commands.run("strace", "-f", "-qq", "-y", "-e", "signal=none", "-P", source.toString(),
                "-e", "trace=openat,open,pwrite64,write,writev,fallocate,ftruncate,ioctl", "-o", log.toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), ReadEverything.class.getName(), source.toUri().toString());

        var opened = Files.readAllLines(log).stream().filter(line -> line.contains("open")).toList();
        assertFalse(opened.isEmpty());
        for (var line : Files.readAllLines(log)) {
            assertTrue(line.contains("openat(") && line.contains("O_RDONLY") && !line.contains("O_CREAT"), line);
        }
        assertEquals(before, Commands.run("sha256sum", source.toString()));
    }

    /** What a source does to a place, all of it. */
    static final class ReadEverything {

        private ReadEverything() {}

        public static void main(String[] arguments) throws IOException {
            var place = URI.create(arguments[0]);
            var places = new FilePlaces();
            places.inspect(place);
            try (var volume = places.open(place, null)) {
                for (long at = 0; at < volume.size(); at = volume.extent(at).end()) {
                    volume.read(at, ByteBuffer.allocateDirect(MIB));
                }
                volume.as(imprint.api.Parallel.class);
                Volumes.tail(volume, 1000);
            }
        }
    }
}
