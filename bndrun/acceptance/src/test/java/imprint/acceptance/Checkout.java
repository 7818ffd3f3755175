package imprint.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Where the tests find what was built, and how they run it. */
final class Checkout {
    static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();
    static final Path BUNDLES = ROOT.resolve("bndrun/target/export/app");

    /** How a run of {@code ./imprint} ended. */
    record Outcome(int status, String out, String err) {}

    static List<Path> jars() throws IOException {
        try (var files = Files.list(BUNDLES)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    static ProcessBuilder command(Map<String, String> environment, String... arguments) {
        var command = new ProcessBuilder();
        command.command().add(ROOT.resolve("imprint").toString());
        command.command().addAll(List.of(arguments));
        command.environment().putAll(environment);
        return command;
    }

    static Outcome imprint(Map<String, String> environment, String... arguments) throws Exception {
        Path out = Files.createTempFile("out", null);
        Path err = Files.createTempFile("err", null);
        try {
            Process process = command(environment, arguments).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            process.getOutputStream().close();
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("imprint " + String.join(" ", arguments) + " did not end");
            }
            return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private Checkout() {}
}
