package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that cannot be read in places, now and then, or at all. */
class FaultySourcesTest {

    private static final int MIBS = 32;

    /** Bad runs: one sector in the middle of a mebibyte, a page, a run over a boundary, the last sector. */
    private static final long[][] BAD = {
        {0x0018_0600, 0x200}, {0x0030_0000, 0x1000}, {0x004f_fc00, 0x1400}, {((long) MIBS << 20) - 0x200, 0x200}};

    /** The longest that an interrupted job may take to say so; far above what it takes, far below for ever. */
    private static final int PATIENCE_SECONDS = 60;

    @TempDir Path folder;
    private Path disk;
    private String hash;

    @BeforeEach void makeADisk() throws Exception {
        disk = Faults.image(folder.resolve("disk"), Faults.SEED, MIBS, 1, 1);
        hash = Hash.of(disk);
    }

    @Test void stopsAtTheFirstSectorThatCannotBeReadAndNamesIt() throws Exception {
        try (var stand = new Nbdkit(folder.resolve("stand"), "-r", "--filter=ddrescue", "file", disk.toString(),
                "ddrescue-mapfile=" + badMap())) {
            var target = target();

            var run = Faults.run(List.of(Faults.imprint(), "backup", stand.device("-r").toString(), target.toString(),
                    "--threads", "1"));

            assertEquals(2, run.status(), run.err());
            assertTrue(run.err().contains("offset " + BAD[0][0]), run.err());
            assertNothingBears(target);
        }
        assertEquals(hash, Hash.of(disk));
    }

    @Test void goesOnOverBadSectorsWhenAllowedAndItsMapIsTheMapOfTheFault() throws Exception {
        var map = badMap();
        try (var stand = new Nbdkit(folder.resolve("stand"), "-r", "--filter=ddrescue", "file", disk.toString(),
                "ddrescue-mapfile=" + map)) {
            var target = target();

            var run = Faults.run(List.of(Faults.imprint(), "backup", stand.device("-r").toString(), target.toString(),
                    "--allow", "bad-sectors"));

            assertEquals(3, run.status(), run.err());
            Tools.run("ddrescuelog", "--compare-mapfile=" + map, target + ".map");
            assertEquals(hashWithZeroes(), Hash.of(target));
            var verify = Faults.run(List.of(Faults.imprint(), "verify", target.toString()));
            assertEquals(3, verify.status(), verify.err());
            var again = Faults.run(List.of(Faults.imprint(), "restore", target.toString(), folder.resolve("again").toString()));
            assertEquals(2, again.status(), "what was bad reads as zeroes: " + again.err());
        }
        assertEquals(hash, Hash.of(disk));
    }

    @Test void aDiskThatFailsNowAndThenGivesTheWholeContentOrNothing() throws Exception {
        for (int percent : Faults.LONG ? List.of(1, 2, 3, 5, 8, 13, 21, 34, 55, 100) : List.of(2, 100)) {
            var trigger = folder.resolve("trigger");
            try (var stand = new Nbdkit(folder.resolve("stand" + percent), "-r", "--filter=error", "file", disk.toString(),
                    "error-pread=EIO", "error-pread-rate=" + percent + "%", "error-pread-file=" + trigger)) {
                var device = stand.device("-r");
                var target = target();
                Files.createFile(trigger);

                var run = Faults.run(List.of(Faults.imprint(), "backup", device.toString(), target.toString()));

                Files.delete(trigger);
                if (percent == 100) {
                    assertNotEquals(0, run.status());
                }
                if (run.status() == 0) {
                    assertEquals(hash, Hash.of(target), percent + " %");
                } else {
                    assertNothingBears(target);
                }
            }
        }
    }

    /** Who waits for such a disk cannot even be killed, so what counts is that the job gives up and says so. */
    @Test void anInterruptEndsAJobWhoseDiskHangs() throws Exception {
        var control = folder.resolve("pause");
        try (var stand = new Nbdkit(folder.resolve("stand"), "-r", "--filter=pause", "--filter=rate", "file", disk.toString(),
                "rate=64M", "pause-control=" + control)) {
            var target = target();
            var command = List.of(Faults.imprint(), "backup", stand.device("-r").toString(), target.toString(),
                    "--progress", "lines");
            var process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            var watchdog = Thread.ofPlatform().daemon().start(() -> freeLater(stand, process));
            try (var err = process.errorReader()) {
                assertTrue(err.readLine().startsWith("writing"), "no progress was told");
                try (var pause = SocketChannel.open(UnixDomainSocketAddress.of(control))) {
                    pause.write(ByteBuffer.wrap(new byte[] {'p'}));
                    pause.read(ByteBuffer.allocate(1));            // it answers once everything stands still

                    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
                    boolean told = false;
                    for (String line; !told && (line = err.readLine()) != null;) {
                        told = line.contains("interrupted");
                    }

                    assertTrue(told && watchdog.isAlive(), "the job did not notice that it was interrupted");
                    assertNothingBears(target);
                } finally {
                    stand.abort();
                }
                assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
                assertEquals(130, process.exitValue());
            } finally {
                watchdog.interrupt();
                process.destroyForcibly();
            }
        }
    }

    private static void freeLater(Nbdkit stand, Process process) {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                stand.abort();
            }
        } catch (Exception ended) {
            Thread.currentThread().interrupt();
        }
    }

    private Path target() throws Exception {
        return Files.createTempDirectory(folder, "target").resolve("x.img");
    }

    private static void assertNothingBears(Path target) throws Exception {
        var names = Faults.names(target.getParent());
        names.removeIf(name -> name.endsWith(".partial"));
        assertEquals(new TreeSet<>(), names);
    }

    private Path badMap() throws Exception {
        var map = new StringBuilder("0x0 + 1\n");
        long at = 0;
        for (var run : BAD) {
            map.append("0x%X 0x%X +\n".formatted(at, run[0] - at)).append("0x%X 0x%X -\n".formatted(run[0], run[1]));
            at = run[0] + run[1];
        }
        assertFalse(at < Files.size(disk));
        return Files.writeString(folder.resolve("bad.map"), map);
    }

    private String hashWithZeroes() throws Exception {
        var copy = Files.copy(disk, folder.resolve("zeroed"));
        try (var channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            for (var run : BAD) {
                channel.write(ByteBuffer.allocate((int) run[1]), run[0]);
            }
        }
        return Hash.of(copy);
    }
}
