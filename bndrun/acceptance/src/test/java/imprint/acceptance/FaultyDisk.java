package imprint.acceptance;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A device some of whose sectors cannot be read: nbdkit's ddrescue filter under a loop device. Needs root. */
final class FaultyDisk implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Path folder;
    private final Process server;
    private final LoopDevice loop;

    private FaultyDisk(Path folder, Process server, LoopDevice loop) {
        this.folder = folder;
        this.server = server;
        this.loop = loop;
    }

    /**
     * @param content what it holds otherwise
     * @param map     ddrescue's; all but '+' cannot be read
     * @param folder  empty, for its own use
     */
    static FaultyDisk over(Path content, Path map, Path folder) throws Exception {
        Path mount = Files.createDirectory(folder.resolve("mount"));
        try (var watch = folder.getFileSystem().newWatchService()) {
            folder.register(watch, ENTRY_CREATE);
            var server = Tools.command("nbdfuse", "--readonly", "--pidfile", folder.resolve("ready"), mount, "--socket-activation",
                    "nbdkit", "--readonly", "--filter=ddrescue", "file", content, "ddrescue-mapfile=" + map)
                    .redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
            while (!Files.exists(folder.resolve("ready"))) {
                var key = watch.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                assertNotNull(key, () -> "nbdfuse does not start: " + log(folder));
                key.pollEvents();
                key.reset();
            }
            return new FaultyDisk(folder, server, LoopDevice.over(mount.resolve("nbd"), "--read-only"));
        }
    }

    private static String log(Path folder) {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    Path device() {
        return loop.device();
    }

    @Override public void close() throws Exception {
        loop.close();
        Tools.run("fusermount3", "-u", folder.resolve("mount"));
        assertTrue(server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "nbdfuse does not end");
    }
}
