package imprint.acceptance;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** A block device that is a file. */
final class FaultsDevice implements Closeable {

    private final Path path;

    /** Makes a new file of {@code size} bytes that holds nothing. */
    FaultsDevice(Path file, long size) throws Exception {
        try (var empty = new RandomAccessFile(file.toFile(), "rw")) {
            empty.setLength(size);
        }
        this.path = Path.of(Faults.succeed("losetup", "-f", "--show", file.toString()));
    }

    private FaultsDevice(Path path) {
        this.path = path;
    }

    /** Of a file that is there. @param options of losetup */
    static FaultsDevice of(Path file, String... options) throws Exception {
        var command = new java.util.ArrayList<>(java.util.List.of("losetup"));
        command.addAll(java.util.List.of(options));
        command.addAll(java.util.List.of("-f", "--show", file.toString()));
        return new FaultsDevice(Path.of(Faults.succeed(command.toArray(String[]::new))));
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        try {
            Faults.succeed("losetup", "-d", path.toString());
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
