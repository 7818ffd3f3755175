package imprint.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Stock tools, as a person would run them. One that is missing, fails or hangs fails the test. */
final class Tools {
    private static final long PATIENCE_SECONDS = 120;

    /** How a process ended. */
    record Outcome(int status, String out, String err) {}

    /** Standard output, blanks cut off. */
    static String run(Object... words) throws Exception {
        return runWith(0, words);
    }

    /** The same for a command that is to end with this status. */
    static String runWith(int status, Object... words) throws Exception {
        var ended = end(command(words));
        if (ended.status() != status) {
            throw new AssertionError(List.of(words) + " ended with " + ended.status() + ": " + ended.out() + ended.err());
        }
        return ended.out().strip();
    }

    /** A script for bash in which a failure anywhere in a pipe is one of the script; {@code $imprint} is the program. */
    static Outcome bash(String script, Object... arguments) throws Exception {
        var words = new ArrayList<Object>(List.of("bash", "-c", "set -o pipefail; " + script, "bash"));
        words.addAll(List.of(arguments));
        return end(command(words.toArray()));
    }

    static ProcessBuilder command(Object... words) {
        var command = new ProcessBuilder(List.of(words).stream().map(String::valueOf).toList());
        Map<String, String> environment = command.environment();
        environment.merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);     // not everybody's has them
        environment.put("imprint", Checkout.ROOT.resolve("imprint").toString());
        return command;
    }

    /** Runs it to its end with nothing on standard input, unless that was redirected. */
    static Outcome end(ProcessBuilder command) throws Exception {
        Path out = Files.createTempFile("out", null);
        Path err = Files.createTempFile("err", null);
        try {
            Process process = command.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError(command.command() + " did not end: " + Files.readString(err));
            }
            return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private Tools() {}
}
