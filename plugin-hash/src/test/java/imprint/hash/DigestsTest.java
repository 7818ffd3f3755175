package imprint.hash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.CancelledException;
import imprint.api.Event;
import imprint.api.FileSet;
import imprint.api.Report;
import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.VolumeWriter;
import imprint.testing.MemoryFileSet;
import imprint.testing.Seed;
import imprint.testing.TestJob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(Seed.class)
class DigestsTest {

    private final Digests digests = new Digests();
    private final TestJob job = TestJob.alone();
    private final byte[] content = new byte[3_000_001];

    @TempDir
    Path folder;

    DigestsTest() {
        new Random(Seed.value()).nextBytes(content);
    }

    @AfterEach
    void endJob() {
        job.close();
    }

    /** What a tap keeps beside a file of this name that holds the content. */
    private MemoryFileSet sealed(String digest, String name) throws IOException {
        var files = new MemoryFileSet(name).put(name, content);
        var tap = digests.tap(digest, Map.of(), job);
        tap.update(ByteBuffer.wrap(content));
        tap.seal(files);
        files.commitAll();
        return files;
    }

    private String run(int status, String... command) throws Exception {
        var process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "hangs");
        assertEquals(status, process.exitValue(), said);
        return said;
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256", "sha224", "sha384", "sha512", "sha1", "md5"})
    void theStockToolAcceptsWhatWeWriteAndSeesAFlippedBit(String digest) throws Exception {
        sealed(digest, "disk.img").storeIn(folder);

        assertEquals("disk.img: OK\n", run(0, digest + "sum", "--strict", "--check", "disk.img." + digest));

        content[17] ^= 1;
        Files.write(folder.resolve("disk.img"), content);
        run(1, digest + "sum", "--check", "disk.img." + digest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256", "sha224", "sha384", "sha512", "sha1", "md5"})
    void weAcceptWhatTheStockToolWritesAndSeeAFlippedBit(String digest) throws Exception {
        Files.write(folder.resolve("disk.img"), content);
        run(0, "sh", "-c", digest + "sum disk.img > disk.img." + digest);
        run(0, "sh", "-c", digest + "sum --binary disk.img > " + digest.toUpperCase() + "SUMS");
        run(0, "sh", "-c", digest + "sum --tag disk.img > " + digest + "sum.txt");

        var report = digests.verify(MemoryFileSet.of(folder, "disk.img"), job);
        assertEquals(Report.State.INTACT, report.state());
        assertEquals(content.length, report.covered());
        assertEquals(3, report.by().size());

        content[17] ^= 1;
        var damaged = digests.verify(MemoryFileSet.of(folder, "disk.img").put("disk.img", content), job);
        assertEquals(Report.State.DAMAGED, damaged.state());
        assertEquals(3, damaged.findings().size());
    }

    @Test
    void crcIsThatOfTheStockTool() throws Exception {
        Files.write(folder.resolve("disk.img"), content);
        var gzip = run(0, "sh", "-c", "gzip -c disk.img | tail -c 8 | head -c 4 | od -An -tx4 --endian=little").strip();

        assertEquals(gzip + "  disk.img\n", new String(sealed("crc32", "disk.img").get("disk.img.crc32")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"with blank.img", "back\\slash", "line\nfeed", "carriage\rreturn", " *leading", "Größe", "(x) = y"})
    void oddNamesGoBothWays(String name) throws Exception {
        var ours = sealed("sha256", name);
        ours.storeIn(folder);
        run(0, "sha256sum", "--strict", "--check", name + ".sha256");
        assertEquals(Report.State.INTACT, digests.verify(ours, job).state());

        new ProcessBuilder("sha256sum", name).directory(folder.toFile())
                .redirectOutput(folder.resolve(name + ".sha256").toFile()).start().waitFor();
        assertArrayEquals(ours.get(name + ".sha256"), Files.readAllBytes(folder.resolve(name + ".sha256")));
        new ProcessBuilder("sha256sum", "--tag", name).directory(folder.toFile())
                .redirectOutput(folder.resolve(name + ".sha256").toFile()).start().waitFor();
        assertEquals(Report.State.INTACT, digests.verify(MemoryFileSet.of(folder, name), job).state());
    }

    @Test
    void everyKindOfBufferAndOfZeroesGivesTheSameDigest() throws Exception {
        var whole = content.clone();
        Arrays.fill(whole, 1000, 2_500_000, (byte) 0);
        Files.write(folder.resolve("a"), whole);
        for (var digest : List.of("sha256", "md5", "crc32")) {
            var one = digests.tap(digest, Map.of(), job);
            one.update(ByteBuffer.wrap(whole));
            var other = digests.tap(digest, Map.of(), job);
            var direct = ByteBuffer.allocateDirect(whole.length).put(whole).flip();
            other.update(direct.slice(0, 1000));
            other.zero(0);
            other.zero(2_500_000 - 1000);
            other.update(direct.position(2_500_000).limit(2_700_000).asReadOnlyBuffer());
            other.update(ByteBuffer.wrap(whole).asReadOnlyBuffer().position(2_700_000));

            assertEquals(one.digests(), other.digests());
            assertEquals(other.digests(), other.digests());
            assertThrows(IllegalStateException.class, () -> other.zero(1));
        }
    }

    @Test
    void namesFileDigestFoundAndExpected() throws Exception {
        var files = sealed("sha256", "disk.img");
        var found = new String(files.get("disk.img.sha256")).substring(0, 64);
        var wrong = "0".repeat(64);
        files.put("disk.img.sha256", (wrong + "  disk.img\n").getBytes());

        var report = digests.verify(files, job);

        assertEquals(List.of("disk.img: sha256 is " + found + ", expected " + wrong + " (disk.img.sha256)"), report.findings());
        assertEquals(List.of("disk.img.sha256"), report.by());
    }

    @Test
    void readsWhatPeopleMakeOfTheFormat() throws Exception {
        var hex = new String(sealed("sha256", "disk.img").get("disk.img.sha256")).substring(0, 64);
        for (var text : List.of(hex.toUpperCase() + "  disk.img\r\n", "# a comment\n\n; another\n" + hex + " *disk.img",
                hex + "  ./disk.img\n", hex + "\n", "SHA256 (disk.img) = " + hex, "SHA256(disk.img)= " + hex + "\n",
                "SHA-256 (disk.img) = " + hex + "\n", "0".repeat(64) + "  other.img\n" + hex + "  disk.img\n")) {
            var files = new MemoryFileSet("disk.img").put("disk.img", content).put("disk.img.sha256", text.getBytes());

            assertEquals(Report.State.INTACT, digests.verify(files, job).state(), text);
        }
    }

    @Test
    void whatHasNoLineForTheFileCoversNothing() throws Exception {
        var hex = "0".repeat(64);
        var files = new MemoryFileSet("disk.img").put("disk.img", content)
                .put("SHA256SUMS", (hex + "  other.img\n" + hex + "  folder/disk.img\n").getBytes())
                .put("disk.img.sha256", (hex + "x  disk.img\n\\" + hex + "  disk\\.img\nMD5 (disk.img) = " + hex + "\n").getBytes())
                .put("other.img.sha256", (hex + "  disk.img\n").getBytes())
                .put("disk.img.md5", new byte[0]);

        var report = digests.verify(files, job);

        assertEquals(Report.unknown(), report);
        assertEquals(List.of(new Event.Warning("disk.img.md5 has no digest of disk.img, so it proves nothing"),
                new Event.Warning("disk.img.sha256 has no digest of disk.img, so it proves nothing")), job.events());
    }

    @Test
    void aPieceOfASplitFileIsCoveredByTheListOfTheWhole() throws Exception {
        var line = new String(sealed("sha256", "disk.img.aa").get("disk.img.aa.sha256"));
        var files = new MemoryFileSet("disk.img.aa").put("disk.img.aa", content).put("disk.img.sha256", line.getBytes());

        assertEquals(List.of("disk.img.sha256"), digests.verify(files, job).by());
    }

    @Test
    void twoLinesThatContradictEachOtherCannotBothHold() throws Exception {
        var files = sealed("sha256", "disk.img");
        files.put("SHA256SUMS", (new String(files.get("disk.img.sha256")) + "0".repeat(64) + "  disk.img\n").getBytes());

        var report = digests.verify(files, job);

        assertEquals(Report.State.DAMAGED, report.state());
        assertEquals(1, report.findings().size());
    }

    @Test
    void refusesAListThatIsTooLong() {
        var files = new MemoryFileSet("disk.img").put("disk.img", content).put("MD5SUMS", new byte[SumsFile.LONGEST + 1]);

        var refusal = assertThrows(VolumeException.Unsupported.class, () -> digests.verify(files, job));

        assertTrue(refusal.getMessage().startsWith("MD5SUMS: has 4194305 bytes"), refusal.getMessage());
    }

    @Test
    void doesNotReadWhatTheJobHasProven() throws Exception {
        var files = sealed("sha256", "disk.img");
        var hex = new String(files.get("disk.img.sha256")).substring(0, 64);
        content[0] ^= 1;                      // would be seen if it were read

        assertEquals(Report.State.INTACT, digests.verify(proven(files, hex), job).state());
        assertEquals(Report.State.DAMAGED, digests.verify(proven(files, "0".repeat(64)), job).state());
    }

    private static FileSet proven(FileSet files, String hex) {
        return new FileSet() {
            @Override
            public String name() {
                return files.name();
            }

            @Override
            public List<String> names() throws IOException {
                return files.names();
            }

            @Override
            public Volume open(String name) throws IOException {
                return files.open(name);
            }

            @Override
            public VolumeWriter create(String name) throws IOException {
                return files.create(name);
            }

            @Override
            public Optional<String> proven(String name, String digest) {
                return digest.equals("sha256") ? Optional.of(hex) : Optional.empty();
            }
        };
    }

    @Test
    void stopsWhenTheJobIsCancelled() throws Exception {
        var files = sealed("sha256", "disk.img");
        var tap = digests.tap("sha256", Map.of(), job);
        job.cancel();

        assertThrows(CancelledException.class, () -> digests.verify(files, job));
        assertThrows(CancelledException.class, () -> tap.zero(Long.MAX_VALUE));
    }

    @Test
    void namesTheDigestAndTheOptionItDoesNotKnow() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> digests.tap("sha3", Map.of(), job))
                .getMessage().contains("\"sha3\""));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> digests.tap("md5", Map.of("speed", "9"), job))
                .getMessage().contains("\"speed\""));
    }

    @Test
    void anyBytesInAListAreRefusedOrReadButNeverAMishap() throws Exception {
        var random = new Random(Seed.value() + 1);
        var sound = new String(sealed("sha256", "disk.img").get("disk.img.sha256")) + "SHA256 (disk.img) = ab\n";
        for (int round = 0; round < 2000; round++) {
            var bytes = sound.getBytes();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            var files = new MemoryFileSet("disk.img").put("disk.img", new byte[10]).put("disk.img.sha256",
                    Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));

            assertTrue(digests.verify(files, job).state() != Report.State.INTACT);
        }
    }
}
