package imprint.raw;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Stock tools, as a person would run them. One that is missing, fails or hangs fails the test. */
final class Commands {

    private static final long PATIENCE_SECONDS = 60;

    private Commands() {}

    /** @return standard output, blanks cut off */
    static String run(String... command) throws Exception {
        return runWith(0, command);
    }

    /** The same for a command that is to end with this status. */
    static String runWith(int status, String... command) throws Exception {
        var output = Files.createTempFile("command", ".txt");
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + " hangs");
            }
            var said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
            if (process.exitValue() != status) {
                throw new AssertionError(String.join(" ", command) + " ended with " + process.exitValue() + ": " + said);
            }
            return said;
        } finally {
            Files.delete(output);
        }
    }

    /** A loop device over a file; closing detaches it. Needs root. */
    record Loop(Path device) implements AutoCloseable {

        static Loop over(Path file, String... options) throws Exception {
            var command = new java.util.ArrayList<>(java.util.List.of("losetup", "--find", "--show"));
            command.addAll(java.util.List.of(options));
            command.add(file.toString());
            return new Loop(Path.of(run(command.toArray(String[]::new))));
        }

        String name() {
            return device.getFileName().toString();
        }

        @Override
        public void close() throws Exception {
            run("losetup", "--detach", device.toString());
        }
    }

    /** A mounted file system; closing unmounts it. Needs root. */
    record Mounted(Path point) implements AutoCloseable {

        static Mounted at(Path point, String... options) throws Exception {
            Files.createDirectories(point);
            var command = new java.util.ArrayList<>(java.util.List.of("mount"));
            command.addAll(java.util.List.of(options));
            command.add(point.toString());
            run(command.toArray(String[]::new));
            return new Mounted(point);
        }

        @Override
        public void close() throws Exception {
            run("umount", point.toString());
        }
    }

    /** A file of so many bytes without content. */
    static Path sparse(Path file, long size) throws IOException {
        try (var random = new java.io.RandomAccessFile(file.toFile(), "rw")) {
            random.setLength(size);
        }
        return file;
    }
}
