package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./imprint} alone, in a terminal, by a person's keys. */
class InteractiveShellTest {
    private static final String PROMPT = "imprint>";
    private static final long PATIENCE_NANOS = 90_000_000_000L;

    @TempDir Path folder;
    String socket;

    @BeforeEach void openTheShell() throws Exception {
        socket = folder.resolve("tmux").toString();
        tmux("-f", "/dev/null", "new-session", "-d", "-x", "150", "-y", "50", "cd '" + folder + "'; XDG_STATE_HOME='" + folder + "' '"
                + Checkout.ROOT.resolve("imprint") + "'; echo \"ended with $?\"; read forever");
        seen(screen -> lastLine(screen).equals(PROMPT));
    }

    @AfterEach void closeTheTerminal() throws Exception {
        tmux("kill-server");
    }

    @Test void completesCommandsExplainsThemAndEndsWithItsExit() throws Exception {
        keys("bac", "Tab");
        seen(screen -> lastLine(screen).equals(PROMPT + " backup"));
        keys("C-u", "help verify", "Enter");
        var help = seen(screen -> screen.contains("--against") && lastLine(screen).equals(PROMPT));
        assertTrue(help.contains("verify"), help);

        keys("exit", "Enter");

        seen(screen -> lastLine(screen).equals("ended with 0"));
    }

    @Test void keepsItsHistoryToItsOwnerAndEndsWithTheInput() throws Exception {
        keys("formats --quiet", "Enter");
        seen(screen -> screen.contains(PROMPT + " formats --quiet") && lastLine(screen).equals(PROMPT));
        keys("Up");
        seen(screen -> lastLine(screen).equals(PROMPT + " formats --quiet"));
        keys("C-u", "C-d");
        seen(screen -> lastLine(screen).equals("ended with 0"));

        Path history = folder.resolve("imprint/history");
        assertTrue(Files.readString(history).contains("formats --quiet"), "not kept");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(history)));
    }

    @Test void aFailureIsToldAndTheShellStays() throws Exception {
        keys("verify nowhere.zst", "Enter");
        seen(screen -> screen.contains("nowhere.zst: there is no such file") && lastLine(screen).equals(PROMPT));
        keys("nonsense", "Enter");
        seen(screen -> screen.contains("there is no command \"nonsense\"") && lastLine(screen).equals(PROMPT));
    }

    @Test void controlCEndsTheJobAndNotTheShell() throws Exception {
        Tools.run("mkfifo", folder.resolve("pipe"));
        try (var writer = new java.io.RandomAccessFile(folder.resolve("pipe").toFile(), "rw")) {
            writer.write(new byte[10_000]);                       // and no end: the job waits for more
            keys("backup pipe pipe.img.zst", "Enter");
            seen(screen -> Files.exists(folder.resolve("pipe.img.zst.partial")));
            keys("C-c");
            seen(screen -> screen.contains("interrupted") && lastLine(screen).equals(PROMPT));
        }
        assertTrue(Files.notExists(folder.resolve("pipe.img.zst")));
        assertTrue(Files.notExists(folder.resolve("pipe.img.zst.partial")));

        keys("formats --quiet", "Enter");
        seen(screen -> screen.contains(PROMPT + " formats --quiet") && lastLine(screen).equals(PROMPT));
    }

    @Test void controlCAlsoLeavesAJobThatIsStuckInTheSystem() throws Exception {
        Tools.run("mkfifo", folder.resolve("pipe"));              // whoever opens it waits for somebody who writes
        keys("backup pipe pipe.img.zst", "Enter");
        long terminal = Long.parseLong(tmux("list-panes", "-F", "#{pane_pid}"));
        seen(screen -> ProcessHandle.of(terminal).orElseThrow().descendants().anyMatch(InteractiveShellTest::backsUp));
        keys("C-c");
        seen(screen -> screen.contains("interrupted") && lastLine(screen).equals(PROMPT));
    }

    /** Whether the thread that carries a backup out is there. */
    private static boolean backsUp(ProcessHandle process) {
        try (var threads = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/task"))) {
            for (var thread : threads) {
                if (Files.readString(thread.resolve("comm")).startsWith("imprint-backup")) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // it has just ended
        }
        return false;
    }

    private String seen(Predicate<String> what) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        String screen;
        do {
            screen = tmux("capture-pane", "-p");
            assertTrue(System.nanoTime() < end, "this never came to be seen: " + screen);
        } while (!what.test(screen));
        return screen;
    }

    private static String lastLine(String screen) {
        return screen.lines().filter(line -> !line.isBlank()).reduce("", (before, line) -> line).stripTrailing();
    }

    private void keys(String... keys) throws Exception {
        for (var each : keys) {
            tmux("send-keys", each);
        }
    }

    private String tmux(String... words) throws Exception {
        var all = new java.util.ArrayList<Object>(java.util.List.of("tmux", "-S", socket));
        all.addAll(java.util.List.of(words));
        return Tools.run(all.toArray());
    }
}
