package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.acceptance.Tools.Outcome;
import java.io.BufferedReader;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every row of the table of exit statuses that can be reached, each by something that happens to people. Rows 4 (there is no
 * recovery data yet) and 7 (there is no {@code --resume} yet) cannot be. Every run gives its summary as JSON, which has to
 * agree with the status.
 */
class ExitStatusTest {
    private static final long PATIENCE_SECONDS = 60;
    private static final Map<Integer, String> VERDICTS = Map.of(0, "complete|unverified", 1, "usage", 2, "failed", 3, "lossy",
            5, "damaged", 6, "refused", 8, "no-space", 9, "busy");

    @TempDir static Path shared;
    /** An ext4 of 40 MiB with the bundles in it; beside it lie backups. */
    static Path source;

    @TempDir Path folder;

    @BeforeAll static void makeASource() throws Exception {
        source = DiskImage.ext4(shared.resolve("source.img"), 40, Checkout.BUNDLES);
        for (String name : List.of("x.zst", "x.gz", "x.img")) {
            ends(0, "backup", source, shared.resolve(name));
        }
    }

    // ---- 0

    @Test void zeroCompleteAfterVerifying() throws Exception {
        var json = ends(0, "backup", source, folder.resolve("x.zst"));

        assertEquals("complete", json.summary().get("verdict"));
        assertEquals(String.valueOf(Files.size(source)), json.summary().get("bytes"));
        for (String file : List.of("x.zst", "x.zst.sha256", "x.zst.imprint.json")) {
            assertTrue(json.summary().get("written").contains(folder.resolve(file).toString()), json.summary().get("written"));
        }
        assertTrue(json.summary().get("seconds").matches("[0-9]+(\\.[0-9]+)?"), json.summary().get("seconds"));
    }

    @Test void zeroUnverifiedWhenAskedNotToVerify() throws Exception {
        var json = ends(0, "backup", source, folder.resolve("x.zst"), "--no-verify");

        assertEquals("unverified", json.summary().get("verdict"));
        assertTrue(json.summary().get("reasons").contains("asked not to be verified"), json.summary().get("reasons"));
    }

    @Test void zeroUnverifiedWhereNothingCanBeReadBack() throws Exception {
        var run = Tools.bash("$imprint backup \"$1\" - --json | zstd -q -t", source);

        assertEquals(0, run.status(), run.err());
        var json = agreeing(0, run.err());                        // standard output carries the image
        assertEquals("unverified", json.summary().get("verdict"));
        assertTrue(json.summary().get("reasons").contains("cannot be read back"), json.summary().get("reasons"));
    }

    // ---- 1

    @ParameterizedTest @ValueSource(strings = {"backup SOURCE x.img --no-such-option", "backup SOURCE", "backup missing x.img",
        "backup FOLDER x.img", "restore missing x.img", "restore SOURCE FOLDER", "verify SOURCE", "verify missing",
        "backup SOURCE no-such-folder/x.img", "backup SOURCE x.img --allow everything", "backup SOURCE x.img --digest sha257",
        "frobnicate"})
    void oneForWhatCannotBeDone(String line) throws Exception {
        var words = Arrays.stream(line.split(" ")).map(word -> switch (word) {
            case "SOURCE" -> source.toString();
            case "FOLDER" -> folder.toString();
            case "missing", "x.img", "no-such-folder/x.img" -> folder.resolve(word).toString();
            default -> word;
        }).toArray();

        ends(1, words);

        assertEquals(List.of(), Files.list(folder).toList(), "something was begun");
    }

    // ---- 2 and 3

    @Test void twoForAnUnreadableSectorAndNothingBearsTheName() throws Exception {
        try (var disk = faulty()) {
            var run = Checkout.run("backup", disk.device(), folder.resolve("x.zst"));

            assertEquals(2, run.status(), run.err());
            assertTrue(run.err().contains("--allow bad-sectors"), run.err());
            assertFalse(Files.exists(folder.resolve("x.zst")));
            assertFalse(Files.exists(folder.resolve("x.zst.partial")));
        }
    }

    @Test void twoForAPlaceThatDiffers() throws Exception {
        Path image = backup("x.zst");
        Path other = Files.copy(source, folder.resolve("other"));
        ends(0, "verify", image, "--against", other);
        flip(other, 12_345_678);

        var json = ends(2, "verify", image, "--against", other);

        assertTrue(json.summary().get("reasons").contains("differs"), json.summary().get("reasons"));
        assertTrue(json.summary().get("reasons").contains("offset 12345678"), json.summary().get("reasons"));
    }

    @ParameterizedTest @ValueSource(strings = {"x.zst", "x.gz", "x.img"})
    void threeForLossesThatAreListedAndStayLosses(String name) throws Exception {
        Path image = folder.resolve(name);
        Path map = folder.resolve(name + ".map");
        try (var disk = faulty()) {
            ends(3, "backup", disk.device(), image, "--allow", "bad-sectors");
        }

        assertEquals("0x00500000 0x00002000", Tools.run("bash", "-c",
                "ddrescuelog --list-blocks=- --block-size=512 \"$1\" | awk 'NR == 1 { first = $1 } END { printf \"0x%08X 0x%08X\", "
                        + "first * 512, NR * 512 }'", "bash", map));
        ends(3, "verify", image);
        ends(2, "restore", image, folder.resolve("restored"));
        assertFalse(Files.exists(folder.resolve("restored")));
        ends(3, "restore", image, folder.resolve("restored"), "--allow", "bad-sectors");
        Tools.run("cmp", "--bytes=5242880", source, folder.resolve("restored"));
        Tools.run("cmp", "--ignore-initial=5251072", source, folder.resolve("restored"));
        Tools.run("cmp", "--bytes=8192", "--ignore-initial=5242880:0", folder.resolve("restored"), "/dev/zero");
    }

    /** Two pages at 5 MiB cannot be read. */
    private FaultyDisk faulty() throws Exception {
        Path map = Files.writeString(folder.resolve("faults"), """
                0x0 + 1
                0x00000000 0x00500000 +
                0x00500000 0x00002000 -
                0x00502000 0x022FE000 +
                """);
        return FaultyDisk.over(source, map, Files.createDirectory(folder.resolve("faulty")));
    }

    // ---- 5

    @ParameterizedTest @ValueSource(strings = {"x.zst", "x.gz", "x.img"})
    void fiveForAFlippedBit(String name) throws Exception {
        Path image = backup(name);
        flip(image, Files.size(image) / 2);

        ends(5, "verify", image);
    }

    @ParameterizedTest @ValueSource(strings = {"zstd -q -c", "gzip -c", "pigz -c"})
    void fiveForDamageThatOnlyTheCodecKnowsOf(String codec) throws Exception {
        Path image = folder.resolve("by the stock tool");
        Tools.run("bash", "-c", codec + " \"$1\" > \"$2\"", "bash", source, image);
        flip(image, Files.size(image) / 2);

        ends(5, "verify", image);
        ends(5, "restore", image, folder.resolve("restored"));

        assertFalse(Files.exists(folder.resolve("restored")));
        assertFalse(Files.exists(folder.resolve("restored.partial")));
    }

    @ParameterizedTest @ValueSource(strings = {"x.zst", "x.gz", "x.img"})
    void fiveWhenDamageIsRestored(String name) throws Exception {
        Path image = backup(name);
        flip(image, Files.size(image) / 2);

        ends(5, "restore", image, folder.resolve("restored"));

        assertFalse(Files.exists(folder.resolve("restored")));
    }

    @ParameterizedTest @ValueSource(strings = {"x.zst", "x.gz"})
    void fiveForABeginningThatIsNoCodecsAnyMore(String name) throws Exception {
        Path image = backup(name);
        flip(image, 0);

        ends(5, "verify", image);
        ends(5, "restore", image, folder.resolve("restored"));

        assertFalse(Files.exists(folder.resolve("restored")));
    }

    @ParameterizedTest @CsvSource({"x.zst,1", "x.zst,2000000", "x.gz,1", "x.gz,2000000", "x.img,1"})
    void fiveForAnImageThatWasCutShort(String name, long missing) throws Exception {
        Path image = backup(name);
        Tools.run("truncate", "--size", Files.size(image) - missing, image);

        ends(5, "verify", image);
        if (!name.endsWith(".img")) {
            Path alone = Files.createDirectory(folder.resolve("alone")).resolve(name);
            Files.move(image, alone);
            ends(5, "restore", alone, folder.resolve("restored"));
            assertFalse(Files.exists(folder.resolve("restored")));
        }
    }

    @ParameterizedTest @ValueSource(strings = {
        "28b52ffde0ffffffffffffff7f010000",                       // zstd: 2^63 bytes of content in a single segment
        "28b52ffd00580300000000",                                 // zstd: a block of a reserved type
        "1f8b080000000000000305ffffffffffffffffffffffffffffff",   // gzip: a block with more codes than there are
        "1f8b08040000000000ffffffffffffffffffffffffffffffffff",   // gzip: an extra field longer than the file
    })
    void fiveForAHostileHeaderInWordsAndNotByAnExceptionsName(String bytes) throws Exception {
        Path image = Files.write(folder.resolve("hostile"), java.util.HexFormat.of().parseHex(bytes));

        var run = Checkout.run("restore", image, folder.resolve("restored"));

        assertEquals(5, run.status(), run.err());
        assertFalse(run.err().contains("Exception"), run.err());
        assertFalse(Files.exists(folder.resolve("restored")));
        ends(5, "verify", image);
    }

    // ---- 6: RefusalTest has them all

    @Test void sixForARefusal() throws Exception {
        Path target = Files.writeString(folder.resolve("x.img"), "precious");

        ends(6, "backup", source, target);

        assertEquals("precious", Files.readString(target));
    }

    // ---- 8

    /** In a mount namespace of its own, a full file system is nobody else's trouble. */
    private static final String IN_SMALL_FILE_SYSTEM = """
            mount -t tmpfs -o size=8m none "$1" || exit 99
            "$imprint" "$2" "$3" "$1/$4" --json; status=$?
            ls -A "$1" >&2; exit $status""";

    @Test void eightBeforeTheFirstByteWhenTheSizeIsKnown() throws Exception {
        var run = inSmallFileSystem("backup", source, "x.img");

        var json = agreeing(8, run.out());
        assertEquals(8, run.status(), run.err());
        assertEquals("", run.err());
        assertFalse(json.lines().stream().anyMatch(line -> "progress".equals(line.get("subject"))), "it was begun");
    }

    @ParameterizedTest @CsvSource({"backup,x.zst", "backup,x.gz"})
    void eightWhenItIsMetAndNothingIsLeft(String verb, String name) throws Exception {
        var run = inSmallFileSystem(verb, DiskImage.noise(folder.resolve("noise"), 20_000_000), name);

        agreeing(8, run.out());
        assertEquals(8, run.status(), run.err());
        assertEquals("", run.err());
    }

    @Test void eightWhenAnImageOfUnknownSizeDoesNotFit() throws Exception {
        Path image = folder.resolve("noise.gz");
        Tools.run("bash", "-c", "head --bytes=20M /dev/urandom | gzip -1 -c > \"$1\"", "bash", image);

        var run = inSmallFileSystem("restore", image, "x.img");

        agreeing(8, run.out());
        assertEquals(8, run.status(), run.err());
        assertEquals("", run.err());
    }

    private Outcome inSmallFileSystem(String verb, Path from, String to) throws Exception {
        Path small = Files.createDirectory(folder.resolve("small"));
        return Tools.end(Tools.command("unshare", "--mount", "bash", "-c", IN_SMALL_FILE_SYSTEM, "bash", small, verb, from, to));
    }

    // ---- 9

    @Test void nineWhileAnotherImprintWritesTheSameFile() throws Exception {
        Path image = folder.resolve("x.zst");
        try (var first = new Begun(image)) {
            ends(9, "backup", source, image);
            ends(9, "backup", source, image, "--overwrite");

            assertEquals(0, first.end(), "the first one was disturbed");
        }
        ends(0, "verify", image);
    }

    // ---- 128 + N

    @ParameterizedTest @CsvSource({"INT,130,x.zst", "TERM,143,x.img", "HUP,129,x.gz"})
    void aSignalGives128AndItsNumberAndLeavesNothing(String signal, int status, String name) throws Exception {
        try (var run = new Begun(folder.resolve(name))) {
            Tools.run("kill", "-" + signal, run.process.pid());

            assertTrue(run.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it goes on after " + signal);
            assertEquals(status, run.process.exitValue());
            agreeing(status, run.rest());
        }
        assertEquals(List.of(), Files.list(folder).toList());
    }

    @Test void aSignalIsHeardOverAPipeThatSaysNothingAndTheOldFileStays() throws Exception {
        Path old = Files.writeString(folder.resolve("x.img"), "precious");
        try (var run = new Begun(old, "--overwrite")) {
            Tools.run("kill", "-TERM", run.process.pid());

            assertTrue(run.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it waits for the pipe");
        }
        assertEquals("precious", Files.readString(old));
    }

    /** A backup that waits in its middle for more of its standard input. */
    private static final class Begun implements AutoCloseable {
        final Process process;
        private final BufferedReader out;
        private final StringBuilder said = new StringBuilder();

        Begun(Path target, String... more) throws Exception {
            // Whoever runs us in the background has SIGINT ignored, which children inherit.
            var words = new ArrayList<Object>(List.of("env", "--default-signal=HUP,INT,TERM", Checkout.ROOT.resolve("imprint"),
                    "backup", "-", target, "--json"));
            words.addAll(List.of(more));
            process = Tools.command(words.toArray()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            out = process.inputReader();
            process.getOutputStream().write(new byte[3 << 20]);
            process.getOutputStream().flush();
            while (!said.toString().contains("progress")) {
                String line = out.readLine();
                assertTrue(line != null, () -> "it ended: " + said);
                said.append(line).append('\n');
            }
        }

        /** All that it printed on standard output. */
        String rest() throws Exception {
            out.lines().forEach(line -> said.append(line).append('\n'));
            return said.toString();
        }

        /** Ends its standard input and waits for it. */
        int end() throws Exception {
            process.getOutputStream().close();
            rest();
            assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it does not end");
            return process.exitValue();
        }

        @Override public void close() throws Exception {
            process.destroyForcibly();
            process.waitFor();
        }
    }

    // ---- JSON

    @ParameterizedTest @ValueSource(strings = {"-Duser.language=tr -Duser.country=TR", "-Duser.language=ar -Duser.country=EG",
        "-Duser.language=de -Dfile.encoding=ISO-8859-1"})
    void jsonIsTheSameInEveryLanguage(String language) throws Exception {
        Path image = folder.resolve("İmage \"ı\\\t.zst");

        var run = Checkout.imprint(Map.of("JAVA_TOOL_OPTIONS", language, "LC_ALL", "C.UTF-8"), "backup", source, image,
                "--no-verify", "--json");

        assertEquals(0, run.status(), run.err());
        assertEquals("unverified", agreeing(0, run.out()).summary().get("verdict"));
        assertTrue(Files.exists(image));
    }

    // ---- steps

    /** A sound one with all that lies beside it, to be done with as one likes. */
    private Path backup(String name) throws Exception {
        for (String ending : List.of("", ".sha256", ".imprint.json")) {
            Files.copy(shared.resolve(name + ending), folder.resolve(name + ending));
        }
        return folder.resolve(name);
    }

    private static void flip(Path file, long offset) throws Exception {
        try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            int was = bytes.read();
            bytes.seek(offset);
            bytes.write(was ^ 0x10);
        }
    }

    private static JsonLines ends(int status, Object... arguments) throws Exception {
        var words = Arrays.copyOf(arguments, arguments.length + 1);
        words[arguments.length] = "--json";
        var run = Checkout.run(words);
        assertEquals(status, run.status(), () -> List.of(words) + ": " + run.out() + run.err());
        return agreeing(status, run.out());
    }

    /** Every line is an object with a type; the last is a summary that agrees with the exit status. */
    private static JsonLines agreeing(int status, String printed) throws Exception {
        var json = JsonLines.of(printed);
        for (var line : json.lines()) {
            assertTrue(List.of("status", "event", "error", "summary").contains(line.get("type")), printed);
        }
        assertEquals(1, json.lines().stream().filter(line -> line.get("type").equals("summary")).count(), printed);
        var summary = json.summary();
        assertEquals("summary", summary.get("type"), printed);
        assertEquals(String.valueOf(status), summary.get("status"), printed);
        assertTrue(summary.get("verdict").matches(VERDICTS.getOrDefault(status, "interrupted")), printed);
        assertTrue(summary.keySet().containsAll(List.of("bytes", "seconds", "written")), printed);
        return json;
    }
}
