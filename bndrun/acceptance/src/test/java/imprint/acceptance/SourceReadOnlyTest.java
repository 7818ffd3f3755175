package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read is opened for reading only; the system would refuse the rest. */
class SourceReadOnlyTest {

    private static final int MIBS = 16;
    private static final String SMALL_FILES = "trap '' XFSZ; ulimit -f 64; exec \"$@\"";

    @TempDir Path folder;
    private Path source;

    @BeforeEach void makeASource() throws Exception {
        source = Faults.image(folder.resolve("source"), Faults.SEED, MIBS, 3, 8);
    }

    @Test void aFileIsOnlyRead() throws Exception {
        succeeds(source, "info", source.toString());
        succeeds(source, "backup", source.toString(), folder.resolve("a.img").toString());
        succeeds(source, "backup", source.toString(), folder.resolve("a.img.zst").toString());
        succeeds(source, "clone", source.toString(), folder.resolve("b.img").toString());
        fails(source, List.of("bash", "-c", SMALL_FILES, "bash", Faults.imprint(), "backup", source.toString(),
                folder.resolve("c.img").toString()));
        fails(source, List.of(Faults.imprint(), "backup", source.toString(), folder.resolve("a.img").toString()));
    }

    @Test void anImageIsOnlyRead() throws Exception {
        var image = folder.resolve("a.img.zst");
        Tools.run(Faults.imprint(), "backup", source.toString(), image.toString());

        succeeds(image, "info", image.toString());
        succeeds(image, "verify", image.toString());
        succeeds(image, "restore", image.toString(), folder.resolve("b.img").toString());
        fails(image, List.of(Faults.imprint(), "verify", image.toString(), "--against", folder.resolve("none").toString()));
    }

    @Test void aDeviceIsOnlyRead() throws Exception {
        var other = Files.createFile(folder.resolve("other"));
        Tools.run("truncate", "-s", MIBS + "M", other.toString());
        var small = Files.createFile(folder.resolve("small"));
        Tools.run("truncate", "-s", "1M", small.toString());
        try (var device = LoopDevice.over(source); var target = LoopDevice.over(other); var tooSmall = LoopDevice.over(small)) {
            var path = device.device();

            succeeds(path, "info", path.toString());
            succeeds(path, "backup", path.toString(), folder.resolve("a.img").toString());
            succeeds(path, "clone", path.toString(), target.device().toString(), "--yes");
            fails(path, List.of(Faults.imprint(), "clone", path.toString(), tooSmall.device().toString(), "--yes"));
        }
    }

    private static void succeeds(Path source, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(Faults.imprint()));
        command.addAll(List.of(arguments));

        var run = readsOnly(source, command);

        assertEquals(0, run.outcome().status(), command + ": " + run.outcome().err());
    }

    private static void fails(Path source, List<String> command) throws Exception {
        var run = readsOnly(source, command);

        assertNotEquals(0, run.outcome().status(), command.toString());
    }

    private static Strace.Run readsOnly(Path source, List<String> command) throws Exception {
        var hash = Hash.of(source);

        var run = Strace.watch(List.of(source), command);

        assertEquals(hash, Hash.of(source), command + ": the source has changed");
        for (var call : run.calls()) {
            assertFalse(call.line().matches(".*\\b(O_WRONLY|O_RDWR|O_TRUNC|O_CREAT)\\b.*"), command + ": " + call.line());
            assertTrue(call.is("open", "openat", "pread64", "ioctl", "fsync", "copy_file_range"), command + ": " + call.line());
        }
        assertTrue(run.calls().stream().anyMatch(call -> call.is("open", "openat")), command + ": the source was not opened");
        return run;
    }
}
