package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README shows what really happens. Times, sizes, rates and digests are blotted out before comparing. With
 * {@code -Dimprint.record=true} the transcript is written anew instead.
 */
class ReadmeTest {
    private static final String FENCE = "```console\n";
    private static final boolean RECORD = Boolean.getBoolean("imprint.record");

    @TempDir Path folder;

    @Test void showsWhatItsCommandsPrint() throws Exception {
        Files.createSymbolicLink(folder.resolve("imprint"), Checkout.ROOT.resolve("imprint"));
        Files.createSymbolicLink(folder.resolve("docs"), Checkout.ROOT.resolve("docs"));
        Path readme = Checkout.ROOT.resolve("README.md");
        String text = Files.readString(readme);
        int from = text.indexOf(FENCE) + FENCE.length();
        String shown = text.substring(from, text.indexOf("```", from));

        String real = run(shown.lines().filter(line -> line.startsWith("$ ")).map(line -> line.substring(2)).toList());

        if (RECORD) {
            Files.writeString(readme, text.substring(0, from) + real + text.substring(text.indexOf("```", from)));
        } else {
            assertEquals(blotted(shown), blotted(real));
        }
    }

    private String run(List<String> commands) throws Exception {
        var transcript = new StringBuilder();
        for (String command : commands) {
            var process = new ProcessBuilder("bash", "-c", command).directory(folder.toFile()).redirectErrorStream(true);
            process.environment().put("PATH", System.getenv("PATH") + ":/usr/sbin:/sbin");
            process.environment().put("LC_ALL", "C");
            Process running = process.redirectOutput(folder.resolve(".out").toFile()).start();
            running.getOutputStream().close();
            if (!running.waitFor(120, TimeUnit.SECONDS)) {
                running.destroyForcibly();
                throw new AssertionError(command + " did not end");
            }
            transcript.append("$ ").append(command).append('\n');
            for (String line : Files.readAllLines(folder.resolve(".out"))) {
                transcript.append(line.replace(folder + "/", "").stripTrailing()).append('\n');
            }
        }
        return transcript.toString();
    }

    private static List<String> blotted(String transcript) {
        var lines = new ArrayList<String>();
        for (String line : transcript.lines().toList()) {
            lines.add(line.startsWith("$ ") ? line : line.replaceAll("[0-9a-f]{64}", "DIGEST")
                    .replaceAll("[0-9]+(\\.[0-9]+)? ?(bytes|s|[kMGT]?i?B(/s)?)?\\b", "N").replaceAll("slowest: \\w+", "slowest"));
        }
        return lines;
    }
}
