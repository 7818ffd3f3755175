package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A block device over a file. Closing detaches it, and fails when something still holds it. Needs root. */
final class LoopDevice implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Path file;
    private final Path device;
    private boolean partitioned;

    private LoopDevice(Path file, Path device) {
        this.file = file;
        this.device = device;
    }

    /** @param options of losetup */
    static LoopDevice over(Path file, String... options) throws Exception {
        var words = new ArrayList<Object>(List.of("losetup", "--find", "--show"));
        words.addAll(List.of(options));
        words.add(file);
        return new LoopDevice(file, Path.of(Tools.run(words.toArray())));
    }

    /** A device of so many bytes, all zero. */
    static LoopDevice ofSize(Path file, long bytes) throws Exception {
        Tools.run("truncate", "--size", bytes, file);
        return over(file);
    }

    Path device() {
        return device;
    }

    /** The node of a partition; the kernel learns the table when first asked. */
    Path partition(int number) throws Exception {
        if (!partitioned) {
            Tools.run("partx", "--add", device);
            partitioned = true;
        }
        return Path.of(device + "p" + number);
    }

    @Override public String toString() {
        return device.toString();
    }

    @Override public void close() throws Exception {
        if (partitioned) {
            Tools.run("partx", "--delete", device);
        }
        Tools.run("losetup", "--detach", device);
        // whoever looks at all devices of the system holds this one for a moment too
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (Tools.run("losetup", "--associated", file).contains(device + ":")) {
            assertTrue(System.nanoTime() < until, "a loop device is still held");
        }
    }
}
