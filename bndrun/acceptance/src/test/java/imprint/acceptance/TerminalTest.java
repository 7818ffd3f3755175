package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.acceptance.Tools.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person sees on a terminal, and what their answers do. Python holds the other end. Needs root. */
class TerminalTest {
    private static final long SIZE = 24L << 20;
    /** Waits for a prompt, answers it, and prints all that was shown. Ends as the program ends. */
    private static final String PERSON = """
            import os, pty, sys
            prompt, answer, *command = sys.argv[1:]
            child, terminal = pty.fork()
            if child == 0:
                os.execvp(command[0], command)
            shown = b""
            while True:
                try:
                    piece = os.read(terminal, 65536)
                except OSError:
                    piece = b""
                if not piece:
                    break
                shown += piece
                if prompt and prompt.encode() in shown:
                    os.write(terminal, bytes(answer, "ascii").decode("unicode_escape").encode())
                    prompt = ""
            sys.stdout.buffer.write(shown)
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            """;

    @TempDir static Path shared;
    private static Path source;
    private static Path image;

    @TempDir Path folder;
    private Path file;

    @BeforeAll static void makeAnImage() throws Exception {
        source = DiskImage.noise(shared.resolve("source"), SIZE);
        image = shared.resolve("image.zst");
        assertEquals(0, Checkout.run("backup", source, image).status());
    }

    @BeforeEach void makeATarget() throws Exception {
        file = folder.resolve("target");
        DiskImage.ext4(file, (int) (SIZE >> 20), Files.createDirectory(folder.resolve("empty")));
    }

    @Test void thePromptShowsWhatWouldBeLostAndTheRightAnswerGoesOn() throws Exception {
        try (var device = LoopDevice.over(file)) {
            var labelled = new Labelled(device, folder.resolve("sys"), "Tape 9", "WD-4711");

            var run = converse("serial: ", "4711\\n", labelled.imprint("restore", image, device));

            assertEquals(0, run.status(), run.out());
            for (String fact : List.of(device.toString(), "Tape 9", "WD-4711", String.valueOf(SIZE), "ext file system", "not mounted")) {
                assertTrue(run.out().substring(0, run.out().indexOf("serial: ")).contains(fact), fact + ": " + run.out());
            }
            Tools.run("cmp", source, device);
        }
    }

    @ParameterizedTest @ValueSource(strings = {"4712\\n", "yes\\n", "\\x04"})
    void aWrongAnswerRefusesWithNothingWritten(String answer) throws Exception {
        String before = Hash.of(file);
        try (var device = LoopDevice.over(file)) {
            var labelled = new Labelled(device, folder.resolve("sys"), "Tape 9", "WD-4711");

            var run = converse("serial: ", answer, labelled.imprint("restore", image, device));

            assertEquals(6, run.status(), run.out());
            assertTrue(run.out().contains("nothing was written"), run.out());
        }
        assertEquals(before, Hash.of(file));
    }

    @Test void aDeviceWithoutASerialNumberIsConfirmedByItsName() throws Exception {
        try (var device = LoopDevice.over(file)) {
            var command = Checkout.command(Map.of(), "restore", image, device);

            assertEquals(6, converse("without folder: ", "loop\\n", command).status());
            var run = converse("without folder: ", device.device().getFileName() + "\\n", command);

            assertEquals(0, run.status(), run.out());
            Tools.run("cmp", source, device);
        }
    }

    @Test void ctrlCAtThePromptEndsWith130AndNothingWritten() throws Exception {
        String before = Hash.of(file);
        try (var device = LoopDevice.over(file)) {
            var run = converse("without folder: ", "\\x03", Checkout.command(Map.of(), "restore", image, device));

            assertEquals(130, run.status(), run.out());
        }
        assertEquals(before, Hash.of(file));
    }

    @Test void whatIsRefusedAnywayIsNotAskedFor() throws Exception {
        try (var device = LoopDevice.over(file); var mounted = Mounted.at(folder.resolve("mounted"), device.device())) {
            var run = converse("", "", mounted.imprint("restore", image, device));

            assertEquals(6, run.status(), run.out());
            assertTrue(run.out().contains("mounted at " + mounted.folder()), run.out());
            assertFalse(run.out().contains("without folder"), run.out());
        }
    }

    @Test void progressIsOneLineThatIsRewritten() throws Exception {
        var run = converse("", "", Checkout.command(Map.of(), "restore", image, folder.resolve("restored")));

        assertEquals(0, run.status(), run.out());
        assertTrue(run.out().contains("\rwriting "), run.out());
        assertTrue(run.out().contains("100 %"), run.out());
        assertFalse(run.out().contains("\033"), "a control sequence");
        for (String line : run.out().split("\n")) {               // at 80 columns nothing but places is longer
            for (String shown : line.split("\r")) {
                assertTrue(shown.length() < 80 || shown.contains("/"), shown);
            }
        }
    }

    private static Outcome converse(String prompt, String answer, ProcessBuilder command) throws Exception {
        var words = new ArrayList<Object>(List.of("python3", "-c", PERSON, prompt, answer, "env", "--default-signal=INT"));
        words.addAll(command.command());
        return Tools.end(Tools.command(words.toArray()));
    }
}
