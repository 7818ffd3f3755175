package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.acceptance.Tools.Outcome;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle that a stranger wrote against the API's jar, built by its own build, and dropped in a folder. */
class ExternalBundleTest {
    private static final int LAYOUT = 7;                          // its place in the codec's head

    @TempDir static Path shared;
    static Path content;
    static Path image;                                            // of it, by version 1

    @TempDir Path folder;

    @BeforeAll static void buildBothVersionsAndRunTheirTests() throws Exception {
        var build = Tools.command(Checkout.ROOT.resolve("examples/toy-codec/two-versions"), "-t", shared);
        build.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var ended = Tools.end(build);
        assertEquals(0, ended.status(), ended.out() + ended.err());

        content = shared.resolve("x.img");
        try (var file = new RandomAccessFile(content.toFile(), "rw")) {
            var noise = new byte[2_000_003];
            new Random(1).nextBytes(noise);
            file.write(noise);
            file.setLength(8 << 20);
            file.seek(7 << 20);
            file.write(noise, 0, 5000);
        }
        for (int version = 1; version <= 2; version++) {
            Files.createDirectory(shared.resolve("plugins" + version));
            Files.copy(shared.resolve("toy-" + version + ".jar"), shared.resolve("plugins" + version + "/toy.jar"));
        }
        image = shared.resolve("y.toy");
        assertEquals(0, with(1, "backup", content, image).status());
    }

    @Test void passesTheContractSuiteThatTheHouseShips() throws Exception {
        var report = Files.readString(shared.resolve("1/target/surefire-reports/TEST-toy.ToyContractTest.xml"));
        var counts = Pattern.compile("tests=\"(\\d+)\" errors=\"0\" skipped=\"0\" failures=\"0\"").matcher(report);

        assertTrue(counts.find(), report.lines().limit(3).toList().toString());
        assertTrue(Integer.parseInt(counts.group(1)) > 30, counts.group());
    }

    @Test void needsNothingButTheApi() throws Exception {
        try (var jar = new JarFile(shared.resolve("toy-1.jar").toFile())) {
            assertTrue(jar.getManifest().getMainAttributes().getValue("Import-Package").matches("imprint\\.api;version=\"[^\"]+\""),
                    jar.getManifest().getMainAttributes().getValue("Import-Package"));
        }
    }

    @Test void isListedAsSoonAsItsJarLiesInTheFolder() throws Exception {
        var listed = with(1, "formats");

        assertTrue(listed.out().lines().anyMatch(line -> line.matches("toy +codec +read, write +\\.toy +toy\\.codec 1\\.0\\.0")), listed.out());
        assertEquals("", listed.err());
        assertTrue(Checkout.run("formats").out().lines().noneMatch(line -> line.startsWith("toy")));
    }

    @Test void carriesAnImageThereAndBack() throws Exception {
        assertEquals("TOYcode\1", new String(Files.readAllBytes(image), 0, 8, java.nio.charset.StandardCharsets.US_ASCII));
        assertTrue(Files.size(image) < 3_000_000, "runs of zeroes are packed to nearly nothing, but it has " + Files.size(image));

        assertEquals(0, with(1, "verify", image).status());
        assertEquals(0, with(1, "restore", image, folder.resolve("z.img")).status());

        Tools.run("cmp", content, folder.resolve("z.img"));
    }

    @Test void findsDamage() throws Exception {
        Path damaged = Files.copy(image, folder.resolve("y.toy"));
        try (var file = new RandomAccessFile(damaged.toFile(), "rw")) {
            file.seek(1_000_000);
            int was = file.read();
            file.seek(1_000_000);
            file.write(was ^ 4);
        }

        var found = with(1, "restore", damaged, folder.resolve("z.img"));

        assertEquals(5, found.status(), found.err());
        assertTrue(found.err().contains("y.toy, offset 9"), found.err());
        assertTrue(found.err().contains("checksum is "), found.err());
        assertTrue(Files.notExists(folder.resolve("z.img")));
    }

    @Test void theNextVersionReadsWhatTheFirstOneWroteAndIsNamedWhereItIsNewer() throws Exception {
        assertEquals(0, with(2, "restore", image, folder.resolve("z.img")).status());
        Tools.run("cmp", content, folder.resolve("z.img"));

        assertEquals(0, with(2, "backup", content, folder.resolve("y2.toy")).status());
        assertEquals(2, Files.readAllBytes(folder.resolve("y2.toy"))[LAYOUT]);

        var refused = with(1, "restore", folder.resolve("y2.toy"), folder.resolve("z2.img"));
        assertEquals(5, refused.status(), refused.err());
        assertTrue(refused.err().contains("y2.toy, offset 7: layout 2 is not one of 1 to 1"), refused.err());
    }

    @Test void withoutItAnImageIsRefusedByNameAndPackedBytesAreNotTakenForADisk() throws Exception {
        for (var refused : new Outcome[] {Checkout.run("restore", image, folder.resolve("z.img")), Checkout.run("verify", image),
                Checkout.run("backup", content, folder.resolve("z.img"), "--compress", "toy")}) {
            assertEquals(1, refused.status(), refused.out() + refused.err());
            assertTrue(refused.err().contains("toy;") || refused.err().contains("\"toy\""), refused.err());
            assertTrue(Files.notExists(folder.resolve("z.img")));
        }
    }

    @Test void contentThatIsPackedItselfComesBackAsItWas() throws Exception {
        Path twice = folder.resolve("y.toy.zst");
        assertEquals(0, with(1, "backup", image, twice).status());

        assertEquals(0, with(1, "verify", twice).status());
        assertEquals(0, with(1, "restore", twice, folder.resolve("z.toy")).status());
        Tools.run("cmp", image, folder.resolve("z.toy"));

        Files.delete(folder.resolve("y.toy.zst.imprint.json"));   // whoever has no manifest peels all there is
        assertEquals(0, with(1, "restore", twice, folder.resolve("z.img")).status());
        Tools.run("cmp", content, folder.resolve("z.img"));
    }

    private static Outcome with(int version, Object... arguments) throws Exception {
        return Checkout.imprint(Map.of("IMPRINT_PLUGINS", shared.resolve("plugins" + version).toString()), arguments);
    }
}
