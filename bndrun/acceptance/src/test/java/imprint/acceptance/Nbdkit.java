package imprint.acceptance;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A disk that fails as it is told to: nbdkit with its filters, a file of it by nbdfuse, a block device of that by loop.
 * What was made is taken down in reverse order, however the disk is by then.
 */
final class Nbdkit implements Closeable {

    private static final int PATIENCE_SECONDS = 30;

    private interface Undoing {
        void run() throws Exception;
    }

    private final Path folder;
    private final Path mount;
    private final Path connections;
    private final Process fuse;
    private final long connection;
    private final Deque<Undoing> undoing = new ArrayDeque<>();
    private volatile boolean aborted;
    private LoopDevice device;

    /**
     * @param folder    for sockets and mounts; made here
     * @param arguments of nbdkit: filters, plugin, parameters
     */
    Nbdkit(Path folder, String... arguments) throws Exception {
        this.folder = Files.createDirectory(folder);
        this.mount = Files.createDirectory(folder.resolve("fuse"));
        this.connections = Files.createDirectory(folder.resolve("connections"));
        try {
            var command = new ArrayList<>(List.of("nbdkit", "-U", folder.resolve("socket").toString(), "-P", pidFile().toString()));
            command.addAll(List.of(arguments));
            Tools.run(command.toArray());        // returns once it listens
            undoing.push(this::kill);
            Tools.run("mount", "-t", "fusectl", "none", connections.toString());
            undoing.push(() -> Tools.run("umount", connections.toString()));
            fuse = new ProcessBuilder("nbdfuse", mount.toString(), "nbd+unix:///?socket=" + folder.resolve("socket"))
                    .redirectOutput(folder.resolve("nbdfuse.log").toFile()).redirectErrorStream(true).start();
            undoing.push(this::endFuse);
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!Files.exists(file())) {
                if (!fuse.isAlive() || System.nanoTime() > until) {
                    throw new AssertionError("nbdfuse: " + Files.readString(folder.resolve("nbdfuse.log")));
                }
                Thread.onSpinWait();
            }
            long number = ((Number) Files.getAttribute(mount, "unix:dev")).longValue();
            connection = number & 0xff | number >> 12 & ~0xffL;
        } catch (Exception | Error e) {
            close();
            throw e;
        }
    }

    /** The disk as a file. */
    Path file() {
        return mount.resolve("nbd");
    }

    /** The disk as a block device without a cache of its own. @param options of losetup */
    Path device(String... options) throws Exception {
        if (device == null) {
            var all = new ArrayList<>(List.of("--direct-io=on"));
            all.addAll(List.of(options));
            device = LoopDevice.over(file(), all.toArray(String[]::new));
            undoing.push(device::close);
        }
        return device.device();
    }

    /** Ends nbdkit by SIGKILL: what it had not flushed is gone. Once. */
    void kill() throws Exception {
        if (Files.exists(pidFile())) {
            var pid = Files.readString(pidFile()).strip();
            Files.delete(pidFile());
            var process = ProcessHandle.of(Long.parseLong(pid));
            if (process.isPresent()) {
                process.get().destroyForcibly();
                process.get().onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    /** Lets every request that hangs fail, and every one to come: nothing else frees who waits for them. */
    void abort() throws IOException {
        var switching = connections.resolve(String.valueOf(connection)).resolve("abort");
        aborted = true;
        if (Files.exists(switching)) {
            Files.writeString(switching, "1");
        }
    }

    private void endFuse() throws Exception {
        if (Faults.run(List.of("fusermount3", "-u", mount.toString())).status() != 0) {
            abort();
            Faults.run(List.of("umount", "-l", mount.toString()));
        }
        if (aborted || !fuse.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            fuse.destroyForcibly().waitFor();
        }
    }

    private Path pidFile() {
        return folder.resolve("pid");
    }

    @Override
    public void close() throws IOException {
        var failures = new ArrayList<String>();
        while (!undoing.isEmpty()) {
            try {
                undoing.pop().run();
            } catch (Exception | AssertionError e) {
                failures.add(String.valueOf(e.getMessage()));
            }
        }
        if (!failures.isEmpty()) {
            throw new IOException("left behind: " + failures);
        }
    }
}
