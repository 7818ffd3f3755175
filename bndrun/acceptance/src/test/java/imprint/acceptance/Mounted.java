package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A file system that is mounted in a mount namespace of its own: no process that begins meanwhile takes a copy of the mount
 * along and holds the device after us. The program is run in there. Closing unmounts it, as does our death. Needs root.
 */
record Mounted(Path folder, Process holder) implements AutoCloseable {
    private static final String HOLD = """
            mount "$1" "$2" || exit
            echo mounted
            read -r line
            umount "$2"
            """;

    static Mounted at(Path folder, Path device) throws Exception {
        Files.createDirectories(folder);
        var holder = Tools.command("unshare", "--mount", "bash", "-c", HOLD, "bash", device, folder).redirectErrorStream(true).start();
        assertEquals("mounted", holder.inputReader().readLine());
        return new Mounted(folder, holder);
    }

    /** From here on the file system itself writes nothing to its device, so that nobody else's writing hides behind it. */
    void makeReadOnly() throws Exception {
        Tools.run("nsenter", "--mount=" + namespace(), "mount", "-o", "remount,ro", folder);
    }

    /** The program where the mount is. */
    ProcessBuilder imprint(Object... arguments) {
        var words = new ArrayList<Object>(List.of("nsenter", "--mount=" + namespace(), Checkout.ROOT.resolve("imprint")));
        words.addAll(List.of(arguments));
        return Tools.command(words.toArray());
    }

    /** How a path that the program sees is seen from here. */
    Path fromOutside(Path path) {
        return Path.of("/proc/" + holder.pid() + "/root" + path);
    }

    private String namespace() {
        return "/proc/" + holder.pid() + "/ns/mnt";
    }

    @Override public void close() throws Exception {
        holder.getOutputStream().close();
        assertTrue(holder.waitFor(60, TimeUnit.SECONDS), "it does not let go");
        assertEquals(0, holder.exitValue(), "it could not be unmounted");
    }
}
