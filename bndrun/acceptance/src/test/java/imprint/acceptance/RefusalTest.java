package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is refused, each by a sentence that is its own and with not one byte written: by the digests of both places. All runs
 * have {@code --yes} and {@code --overwrite}, which waive none of it, unless one of them is what is missing.
 */
class RefusalTest {
    private static final long SIZE = 24L << 20;

    @TempDir static Path shared;
    /** An ext4 of 24 MiB, and a backup of it. */
    private static Path source;
    private static Path image;

    @TempDir Path folder;
    private Path file;
    private Function<Object[], ProcessBuilder> program = arguments -> Checkout.command(Map.of(), arguments);
    private UnaryOperator<Path> outside = path -> path;

    @BeforeAll static void makeAnImage() throws Exception {
        Path content = Files.createDirectory(shared.resolve("content"));
        Files.copy(Checkout.BUNDLES.resolve("../../launcher/launcher.jar"), content.resolve("launcher.jar"));
        source = DiskImage.ext4(shared.resolve("source.img"), (int) (SIZE >> 20), content);
        image = shared.resolve("image.zst");
        assertEquals(0, Checkout.run("backup", source, image).status());
    }

    @BeforeEach void nameAFile() {
        file = folder.resolve("target");
    }

    // ---- in use

    @Test void aMountedTarget() throws Exception {
        Files.copy(source, file);
        try (var device = LoopDevice.over(file); var mounted = Mounted.at(folder.resolve("mounted"), device.device())) {
            mounted.makeReadOnly();
            runIn(mounted);

            refused("mounted at " + mounted.folder(), image, device);
            refused("attached as " + device, image, file);
        }
    }

    @Test void aDiskOneOfWhosePartitionsIsMounted() throws Exception {
        DiskImage.disk(file);
        try (var disk = LoopDevice.over(file);
                var mounted = Mounted.at(folder.resolve("mounted"), disk.partition(2))) {
            mounted.makeReadOnly();
            runIn(mounted);

            refused("mounted at " + mounted.folder() + " (partition " + disk.partition(2).getFileName() + ")", image, disk);
        }
    }

    @Test void aTargetUsedAsSwap() throws Exception {
        try (var device = LoopDevice.ofSize(file, SIZE)) {
            Tools.run("mkswap", device);
            Tools.run("swapon", device);
            try {
                refused("used as swap", image, device);
            } finally {
                Tools.run("swapoff", device);
            }
        }
    }

    @Test void aTargetThatAnotherProgramHolds() throws Exception {
        try (var device = LoopDevice.ofSize(file, SIZE)) {
            var holder = Tools.command("python3", "-c",
                    "import os, sys; os.open(sys.argv[1], os.O_RDWR | os.O_EXCL); print('held', flush=True); sys.stdin.read()",
                    device).start();
            try (var said = holder.inputReader()) {
                assertEquals("held", said.readLine());

                refused("in use by another program", image, device);
            } finally {
                holder.getOutputStream().close();
                holder.waitFor();
            }
        }
    }

    @Test void aWriteProtectedTarget() throws Exception {
        Tools.run("truncate", "--size", SIZE, file);
        try (var device = LoopDevice.over(file, "--read-only")) {
            refused("write-protected", image, device);
        }
    }

    // ---- the source itself

    @Test void theSourceUnderAnyOfItsNames() throws Exception {
        Path original = Files.copy(source, folder.resolve("original"));
        Path symlink = Files.createSymbolicLink(folder.resolve("symlink"), original);
        Path hardLink = Files.createLink(folder.resolve("hard link"), original);

        for (Path name : List.of(original, symlink, hardLink)) {
            refusedToCopy("is the source itself", "backup", original, name);
        }
        try (var device = LoopDevice.over(original)) {
            refusedToCopy("is the source itself", "clone", original, device.device());
            refusedToCopy("is the source itself", "backup", device.device(), original);
            try (var other = LoopDevice.over(original)) {
                refusedToCopy("is the source itself", "clone", device.device(), other.device());
            }
        }
    }

    @Test void aPartitionOfTheSourceAndTheDiskOfTheSource() throws Exception {
        DiskImage.disk(file);
        try (var disk = LoopDevice.over(file)) {
            refusedToCopy("lies on the source", "clone", disk.device(), disk.partition(2));
            refusedToCopy("holds the source", "clone", disk.partition(2), disk.device());
            refusedToCopy("holds the source", "clone", disk.partition(2), file);
        }
    }

    @Test void theDiskThatHoldsTheImage() throws Exception {
        DiskImage.disk(file);
        try (var disk = LoopDevice.over(file);
                var mounted = Mounted.at(folder.resolve("mounted"), disk.partition(2))) {
            Path there = mounted.folder().resolve("image.zst");
            Files.copy(image, mounted.fromOutside(there));
            mounted.makeReadOnly();
            runIn(mounted);

            refused("holds the source", there, disk);
            refused("holds the source", there, disk.partition(2));
        }
    }

    @Test void aFileOnTheDiskThatIsBackedUp() throws Exception {
        DiskImage.disk(file);
        try (var disk = LoopDevice.over(file);
                var mounted = Mounted.at(folder.resolve("mounted"), disk.partition(2))) {
            Path there = mounted.folder().resolve("x.zst");

            var run = Tools.end(mounted.imprint("backup", disk, there, "--yes", "--overwrite"));

            assertEquals(6, run.status(), run.err());
            assertTrue(run.err().contains("lies on the source") && run.err().contains("--allow same-disk"), run.err());
            assertFalse(Files.exists(mounted.fromOutside(there)));
        }
    }

    // ---- another one than was meant

    @ParameterizedTest @ValueSource(longs = {512, SIZE - 512})
    void aDeviceThatIsTooSmallByOneSectorOrMore(long missing) throws Exception {
        try (var device = LoopDevice.ofSize(file, SIZE - missing)) {
            refused("has " + (SIZE - missing) + " bytes, and the content has " + SIZE, image, device);
            refusedToCopy("has " + (SIZE - missing) + " bytes, and the content has " + SIZE, "clone", source, device.device());
        }
    }

    @Test void anExistingFileWithoutOverwrite() throws Exception {
        Files.writeString(file, "precious");

        refusedFor("give --overwrite", List.of("restore", image, file, "--yes"), image, file);
        refusedFor("give --overwrite", List.of("backup", source, file, "--yes"), source, file);
    }

    /** Standard input stays open and silent: whoever asked there would never end. */
    @Test void aDeviceThatNobodyConfirmedAndNobodyIsAsked() throws Exception {
        try (var device = LoopDevice.ofSize(file, SIZE)) {
            String before = Hash.of(device.device());
            Path err = folder.resolve("err");
            var run = Checkout.command(Map.of(), "restore", image, device, "--overwrite")
                    .redirectError(err.toFile()).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            try {
                assertTrue(run.waitFor(60, TimeUnit.SECONDS), "it waits for an answer");
            } finally {
                run.destroyForcibly();
            }

            assertEquals(6, run.exitValue());
            assertTrue(Files.readString(err).contains("no terminal to confirm on"), Files.readString(err));
            assertEquals(before, Hash.of(device.device()));
        }
    }

    @Test void aDeviceWithoutASerialNumberWhereOneWasExpected() throws Exception {
        try (var device = LoopDevice.ofSize(file, SIZE)) {
            refusedFor("has no serial number, and WD-42 was expected",
                    List.of("restore", image, device, "--yes", "--overwrite", "--expect-serial", "WD-42"), image, device.device());
        }
    }

    @Test void aFileWhereASerialNumberWasExpected() throws Exception {
        Files.writeString(file, "precious");

        refusedFor("is no device, and the serial number WD-42 was expected",
                List.of("restore", image, file, "--yes", "--overwrite", "--expect-serial", "WD-42"), image, file);
    }

    @Test void aDeviceWithAnotherSerialNumber() throws Exception {
        try (var device = LoopDevice.ofSize(file, SIZE)) {
            var labelled = new Labelled(device, folder.resolve("sys"), "Tape 9", "WD-41");
            refusedAs(labelled, "has the serial number WD-41, and WD-42 was expected",
                    List.of("restore", image, device, "--yes", "--overwrite", "--expect-serial", "WD-42"));
            refusedAs(labelled, "has the serial number WD-41, and WD-4 was expected",
                    List.of("restore", image, device, "--yes", "--overwrite", "--expect-serial", "WD-4"));
            refusedAs(labelled, "add --expect-serial",
                    List.of("restore", image, device, "--yes", "--overwrite"));

            var run = Tools.end(labelled.imprint("restore", image, device, "--yes", "--expect-serial", "WD-41"));

            assertEquals(0, run.status(), run.err());
            Tools.run("cmp", source, device);
        }
    }

    private void refusedAs(Labelled labelled, String words, List<Object> arguments) throws Exception {
        String before = Hash.of(file);

        var run = Tools.end(labelled.imprint(arguments.toArray()));

        assertEquals(6, run.status(), run.err());
        assertTrue(run.err().contains(words), run.err());
        assertEquals(before, Hash.of(file));
    }

    @Test void aFolderIsNoTargetAtAll() throws Exception {
        Path there = Files.createDirectory(folder.resolve("there"));

        var run = Checkout.run("restore", image, there, "--yes", "--overwrite");

        assertEquals(1, run.status(), run.err());
        assertTrue(run.err().contains("is a folder"), run.err());
        assertEquals(List.of(), Files.list(there).toList());
    }

    // ---- steps

    private void runIn(Mounted mounted) {
        program = mounted::imprint;
        outside = mounted::fromOutside;
    }

    /** A restore that yes and overwrite do not wave through. */
    private void refused(String words, Path from, Object target) throws Exception {
        refusedToCopy(words, "restore", from, Path.of(target.toString()));
    }

    private void refusedToCopy(String words, String verb, Path from, Path target) throws Exception {
        refusedFor(words, List.of(verb, from, target, "--yes", "--overwrite"), from, target);
    }

    private void refusedFor(String words, List<Object> arguments, Path from, Path target) throws Exception {
        String source = Hash.of(outside.apply(from));
        String before = Hash.of(target);
        var names = names(target);

        var run = Tools.end(program.apply(arguments.toArray()));

        assertEquals(6, run.status(), () -> arguments + ": " + run.err());
        assertTrue(run.err().contains(words), () -> "expected \"" + words + "\": " + run.err());
        assertEquals(before, Hash.of(target), "the target was written to");
        assertEquals(source, Hash.of(outside.apply(from)), "the source was written to");
        assertEquals(names, names(target), "something was left");
    }

    private static List<String> names(Path target) throws Exception {
        if (target.startsWith("/dev")) {
            return List.of();
        }
        try (var files = Files.list(target.getParent())) {
            return new ArrayList<>(files.map(each -> each.getFileName().toString()).sorted().toList());
        }
    }
}
