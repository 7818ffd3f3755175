package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.acceptance.Tools.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What went in comes out, every bit of it, by our own hand and by the stock tools'. */
class RoundTripTest {
    private enum Kind { FILE, DEVICE }

    @TempDir static Path shared;
    static Path disk;
    static String diskHash;

    @TempDir Path folder;
    Path restored;

    @BeforeAll static void makeADisk() throws Exception {
        disk = DiskImage.disk(shared.resolve("disk.img"));
        diskHash = Hash.of(disk);
    }

    @BeforeEach void nameWhatComesBack() {
        restored = folder.resolve("restored");
    }

    static Stream<Arguments> everyCodecFromAndToEveryKindOfPlace() {
        return Stream.of(Arguments.of(".img", Kind.FILE, Kind.FILE), Arguments.of(".img", Kind.DEVICE, Kind.DEVICE),
                Arguments.of(".img.zst", Kind.FILE, Kind.FILE), Arguments.of(".img.zst", Kind.DEVICE, Kind.FILE),
                Arguments.of(".img.zst", Kind.FILE, Kind.DEVICE), Arguments.of(".img.zst", Kind.DEVICE, Kind.DEVICE),
                Arguments.of(".img.gz", Kind.FILE, Kind.FILE), Arguments.of(".img.gz", Kind.DEVICE, Kind.DEVICE));
    }

    @ParameterizedTest @MethodSource("everyCodecFromAndToEveryKindOfPlace")
    void whatIsBackedUpIsRestoredBitForBit(String ending, Kind from, Kind to) throws Exception {
        Path image = folder.resolve("disk" + ending);

        if (from == Kind.FILE) {
            complete("backup", disk, image);
        } else {
            try (var source = LoopDevice.over(disk, "--read-only")) {
                complete("backup", source, image);
            }
        }
        complete("verify", image);
        if (to == Kind.FILE) {
            complete("restore", image, restored);
        } else {
            try (var target = LoopDevice.ofSize(restored, DiskImage.SIZE)) {
                complete("restore", image, target, "--yes");
                Tools.run("cmp", disk, target);
            }
        }

        Tools.run("cmp", disk, restored);
        stockToolsAccept(image);
        assertEquals(diskHash, Hash.of(disk), "the source was changed");
    }

    private static void stockToolsAccept(Path image) throws Exception {
        String name = image.toString();
        if (name.endsWith(".zst")) {
            Tools.run("zstd", "-q", "-t", image);
            Tools.run("bash", "-c", "zstd -dcq \"$1\" | cmp - \"$2\"", "bash", image, disk);
        } else if (name.endsWith(".gz")) {
            Tools.run("gzip", "-t", image);
            Tools.run("bash", "-c", "gzip -dc \"$1\" | cmp - \"$2\"", "bash", image, disk);
        } else {
            Tools.run("cmp", image, disk);
        }
        var checked = Tools.end(Tools.command("sha256sum", "--check", "--strict", image.getFileName() + ".sha256")
                .directory(image.getParent().toFile()));
        assertEquals(new Outcome(0, image.getFileName() + ": OK\n", ""), checked);
    }

    @Test void aCloneOfADeviceEqualsIt() throws Exception {
        try (var source = LoopDevice.over(disk, "--read-only"); var target = LoopDevice.ofSize(restored, DiskImage.SIZE + 4096)) {
            Tools.run("bash", "-c", "head --bytes=\"$1\" /dev/zero | tr '\\0' x > \"$2\"", "bash", DiskImage.SIZE, target);

            complete("clone", source, target, "--yes");

            Tools.run("cmp", "--bytes=" + DiskImage.SIZE, disk, target);
        }
        assertEquals(diskHash, Hash.of(disk), "the source was changed");
    }

    @Test void aConvertedImageHoldsTheSame() throws Exception {
        Path gzip = folder.resolve("disk.img.gz");
        Path zstd = folder.resolve("disk.img.zst");

        complete("backup", disk, gzip);
        complete("convert", gzip, zstd);

        complete("verify", zstd, "--against", disk);
        Tools.run("bash", "-c", "zstd -dcq \"$1\" | cmp - \"$2\"", "bash", zstd, disk);
    }

    @ParameterizedTest @ValueSource(strings = {
        "zstd -q -19 -c \"$1\" > \"$2\"",
        "zstd -q --long=27 -c \"$1\" > \"$2\"",
        "zstd -q -T0 -c \"$1\" > \"$2\"",
        "zstd -q --no-check -c < \"$1\" > \"$2\"",                                      // a pipe: no size in the header
        "split --bytes=50M --filter='zstd -q -c' \"$1\" > \"$2\"",                     // concatenated frames
        "gzip -c \"$1\" > \"$2\"",
        "split --bytes=50M --filter='gzip -1 -c' \"$1\" > \"$2\"",                     // concatenated members
        "pigz -c \"$1\" > \"$2\"",
        "pigz --independent --fast -c < \"$1\" > \"$2\"",
    })
    void imagesByStockToolsAreRestored(String made) throws Exception {
        Path image = folder.resolve("a name that says nothing");
        Tools.run("bash", "-e", "-c", made, "bash", disk, image);

        complete("restore", image, restored);

        Tools.run("cmp", disk, restored);
    }

    @ParameterizedTest @ValueSource(strings = {
        "$imprint backup \"$1\" - | $imprint restore - \"$2\"",
        "$imprint backup \"$1\" - --compress gzip | gzip -dc > \"$2\"",
        "$imprint backup \"$1\" - --compress none > \"$2\"",
        "$imprint backup - \"$2.gz\" < \"$1\" && $imprint restore \"$2.gz\" - > \"$2\"",
        "zstd -q -c \"$1\" | $imprint restore - - > \"$2\"",
        "zstd -q -c \"$1\" > \"$2.1\" && zstd -dcq \"$2.1\" | $imprint backup - \"$2.zst\" && zstd -dcq \"$2.zst\" > \"$2\"",
        "cat \"$1\" | $imprint restore - \"$2\"",
    })
    void pipesCarryImagesBothWays(String pipe) throws Exception {
        var run = Tools.bash(pipe, disk, restored);

        assertEquals(0, run.status(), run.err());
        Tools.run("cmp", disk, restored);
    }

    @Test void aPipeIsRestoredToADevice() throws Exception {
        try (var target = LoopDevice.ofSize(restored, DiskImage.SIZE)) {
            var run = Tools.bash("zstd -q -c \"$1\" | $imprint restore - \"$2\" --yes", disk, target);

            assertEquals(0, run.status(), run.err());
            Tools.run("cmp", disk, target);
        }
    }

    @ParameterizedTest @ValueSource(strings = {".img", ".img.zst"})
    void aRestoredFileHasItsFullSizeAndHoles(String ending) throws Exception {
        Path image = folder.resolve("disk" + ending);
        Path solid = folder.resolve("solid");
        Tools.run("cp", "--sparse=never", disk, solid);
        complete("backup", solid, image);

        complete("restore", image, restored);

        assertEquals(DiskImage.SIZE, Files.size(restored));
        long taken = Long.parseLong(Tools.run("du", "--block-size=1", restored).split("\\s")[0]);
        assertTrue(taken < DiskImage.SIZE / 4, taken + " bytes are taken");
    }

    @ParameterizedTest @CsvSource({"0,.img", "0,.zst", "0,.gz", "1,.zst", "511,.gz", "4097,.img", "16777217,.gz",
        "20000003,.zst"})
    void sizesThatAreNoMultipleOfAnythingComeBack(long size, String ending) throws Exception {
        Path source = DiskImage.noise(folder.resolve("source"), size);
        Path image = folder.resolve("odd" + ending);

        complete("backup", source, image);
        complete("restore", image, restored);

        Tools.run("cmp", source, restored);
    }

    @Test void whatIsWrittenIsForItsOwnerOnly() throws Exception {
        Path source = DiskImage.noise(folder.resolve("source"), 4097);
        Path image = folder.resolve("x.zst");

        complete("backup", source, image, "--digest", "sha256,md5");
        complete("restore", image, restored);

        var modes = new ArrayList<String>();
        for (String name : List.of("x.zst", "x.zst.sha256", "x.zst.md5", "x.zst.imprint.json", "restored")) {
            modes.add(name + " " + Tools.run("stat", "--format=%a", folder.resolve(name)));
        }
        assertEquals(List.of("x.zst 600", "x.zst.sha256 600", "x.zst.md5 600", "x.zst.imprint.json 600", "restored 600"), modes);
    }

    private static void complete(Object... arguments) throws Exception {
        var run = Checkout.run(arguments);
        assertEquals(0, run.status(), () -> List.of(arguments) + ": " + run.err() + run.out());
        assertTrue(run.out().contains("complete:"), run.out());
    }
}
