package imprint.acceptance;

import imprint.acceptance.Tools.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Where the tests find what was built, and how they run it. */
final class Checkout {
    static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();
    static final Path BUNDLES = ROOT.resolve("bndrun/target/export/app");

    static List<Path> jars() throws IOException {
        try (var files = Files.list(BUNDLES)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    static ProcessBuilder command(Map<String, String> environment, Object... arguments) {
        var words = new Object[arguments.length + 1];
        words[0] = ROOT.resolve("imprint");
        System.arraycopy(arguments, 0, words, 1, arguments.length);
        ProcessBuilder command = Tools.command(words);
        command.environment().putAll(environment);
        return command;
    }

    static Outcome imprint(Map<String, String> environment, Object... arguments) throws Exception {
        return Tools.end(command(environment, arguments));
    }

    /** Runs it to the end. */
    static Outcome run(Object... arguments) throws Exception {
        return imprint(Map.of(), arguments);
    }

    private Checkout() {}
}
