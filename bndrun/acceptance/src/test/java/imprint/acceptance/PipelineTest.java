package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.acceptance.Tools.Outcome;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verbs of the shell put together by hand: they come to what the plain verb comes to, or are refused before a byte. */
class PipelineTest {
    private static final Path GUIDE = Checkout.ROOT.resolve("docs/guide/shell.md");

    @TempDir static Path shared;
    static Path disk;
    static Path gzipped;

    @TempDir Path folder;

    @BeforeAll static void makeAnImage() throws Exception {
        disk = shared.resolve("disk.img");
        try (var file = new RandomAccessFile(disk.toFile(), "rw")) {
            var noise = new byte[1_000_000];
            new Random(1).nextBytes(noise);
            file.write(noise);
            file.setLength(6_000_000);
        }
        gzipped = shared.resolve("disk.img.gz");
        Tools.bash("gzip -nc \"$1\" > \"$2\"", disk, gzipped);
    }

    @Test void composedStagesComeToWhatConvertComesTo() throws Exception {
        assertEquals(0, imprint("convert", gzipped, folder.resolve("plain.zst"), "--format", "raw", "--compress", "zstd").status());

        var composed = script("run (write (digest (encode (decode (open " + gzipped + ")) zstd) sha256) composed.zst)");

        assertEquals(0, composed.status(), composed.err());
        Tools.bash("zstd -dcq \"$1\" | cmp - \"$2\"", folder.resolve("composed.zst"), disk);
        assertEquals(Tools.run("sha256sum", folder.resolve("plain.zst")).split(" ")[0],
                Tools.run("sha256sum", folder.resolve("composed.zst")).split(" ")[0]);
        assertEquals(contentDigest("plain.zst"), contentDigest("composed.zst"));
        assertEquals(Tools.run("sha256sum", disk).split(" ")[0], contentDigest("composed.zst"));
        Tools.run("bash", "-c", "cd \"$1\" && sha256sum -c composed.zst.sha256", "bash", folder);
    }

    @Test void stagesAreHeldInAVariableShownCheckedAndRunOnce() throws Exception {
        var ended = script("p = (encode (decode (open " + gzipped + ")) zstd)", "q = (write (digest $p md5) held.zst)", "show $q",
                "check $q", "run $q");

        assertEquals(0, ended.status(), ended.err());
        assertTrue(ended.out().contains("layers   zstd"), ended.out());
        assertTrue(ended.out().contains("peeled   gzip"), ended.out());
        assertTrue(ended.out().contains("nothing was written\n"), ended.out());
        assertEquals(Tools.run("md5sum", disk).split(" ")[0], digest("held.zst", "md5"));
    }

    @Test void anUnknownCodecIsRefused() throws Exception {
        refused("\"nosuch\"", "run (write (encode (open " + disk + ") nosuch) refused.img)");
    }

    @Test void anUnknownDigestIsRefused() throws Exception {
        refused("nosuch", "run (write (digest (open " + disk + ") nosuch) refused.img)");
    }

    @Test void aSecondWriteIsRefused() throws Exception {
        refused("nothing follows a write", "run (write (write (open " + disk + ") refused.img) refused-2.img)");
    }

    @Test void decodingAfterEncodingIsRefused() throws Exception {
        refused("decode comes right after open", "run (write (decode (encode (open " + gzipped + ") zstd)) refused.img)");
    }

    @Test void aPlanWithoutAnEndIsRefused() throws Exception {
        refused("the plan has no end", "run (encode (open " + disk + ") zstd)");
    }

    @Test void anImageFormatAroundACodecIsRefused() throws Exception {
        refused("cannot lie around a codec", "run (write (encode (encode (open " + disk + ") zstd) raw) refused.img)");
    }

    @Test void anOptionThatTheCodecDoesNotHaveIsRefused() throws Exception {
        refused("colour", "run (write (encode (open " + disk + ") zstd colour=red) refused.img)");
    }

    @Test void theLineThatFailsEndsTheScriptWithItsStatus() throws Exception {
        var damaged = folder.resolve("damaged.gz");
        Tools.bash("head -c 500000 \"$1\" > \"$2\"", gzipped, damaged);

        var ended = script("formats --quiet", "run (write (decode (open " + damaged + ")) refused.img)", "open " + disk);

        assertEquals(5, ended.status(), ended.out() + ended.err());
        assertEquals(1, ended.err().lines().filter(line -> line.startsWith("imprint: ")).count(), ended.err());
        assertTrue(ended.err().contains("damaged.gz, offset "), ended.err());
        assertTrue(!ended.out().contains("source "), "a line after the one that failed was run: " + ended.out());
        nothingWasWritten();
    }

    /** A block of the guide that begins with "$ ./imprint shell" is run, and what it prints has to be what stands there. */
    @Test void theTranscriptsOfTheGuideAreTrue() throws Exception {
        Files.createLink(folder.resolve("disk.img.gz"), gzipped);
        var guide = Files.readString(GUIDE);
        var blocks = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL).matcher(guide);
        var said = new ArrayList<String>();
        var found = new ArrayList<String>();
        while (blocks.find()) {
            var lines = blocks.group(1).lines().toList();
            said.add(blocks.group(1));
            var again = new StringBuilder();
            for (var script : statements(lines)) {
                script.forEach(line -> again.append(line).append('\n'));
                var words = script.stream().map(line -> line.substring("imprint> ".length())).toList();
                var ended = script(words.toArray(String[]::new));
                again.append(stable(ended.out() + ended.err()));
            }
            found.add(again.toString());
        }

        // to copy from when the shell has learnt to say it better
        Files.writeString(Path.of("target/shell-transcripts.txt"), String.join("----\n", found));
        assertEquals(String.join("----\n", said), String.join("----\n", found));
        assertTrue(said.size() >= 2, "the guide has no transcripts");
    }

    /** Each run of prompts is a script of its own; variables live in the same one. */
    private static List<List<String>> statements(List<String> lines) {
        var all = new ArrayList<List<String>>();
        boolean open = false;
        for (var line : lines) {
            if (line.startsWith("imprint> ")) {
                if (!open) {
                    all.add(new ArrayList<>());
                }
                all.getLast().add(line);
            }
            open = line.startsWith("imprint> ");
        }
        return all;
    }

    /** Without progress, times, speeds and the folder of this run. */
    private String stable(String words) {
        return words.replace(folder + "/", "").lines()
                .filter(line -> !line.matches("(reading|writing|verified|verifying|flushing|digesting) .*"))
                .map(line -> line.replaceAll(" in [0-9.]+ s, .*| {3}\\d+ bytes .*", "").replaceAll("^imprint: script.gogo, line \\d+: ", "imprint: "))
                .reduce("", (all, line) -> all + line + "\n");
    }

    private void refused(String because, String statement) throws Exception {
        var ended = script(statement);

        assertEquals(1, ended.status(), ended.out() + ended.err());
        assertTrue(ended.err().startsWith("imprint: ") && ended.err().lines().count() == 1, ended.err());
        assertTrue(ended.err().contains(because), ended.err());
        nothingWasWritten();
    }

    private void nothingWasWritten() throws Exception {
        try (var files = Files.list(folder)) {
            assertEquals(List.of(), files.filter(file -> file.getFileName().toString().startsWith("refused")).toList());
        }
    }

    private Outcome script(String... lines) throws Exception {
        Files.write(folder.resolve("script.gogo"), List.of(lines));
        return imprint("shell", "script.gogo");
    }

    private Outcome imprint(Object... arguments) throws Exception {
        return Tools.end(Checkout.command(Map.of(), arguments).directory(folder.toFile()));
    }

    private String contentDigest(String image) throws Exception {
        return digest(image, "sha256");
    }

    private String digest(String image, String name) throws Exception {
        var manifest = Files.readString(folder.resolve(image + ".imprint.json"));
        var digest = Pattern.compile("\"content\".*?\"" + name + "\" : \"([0-9a-f]+)\"", Pattern.DOTALL).matcher(manifest);
        assertTrue(digest.find(), manifest);
        return digest.group(1);
    }
}
