package imprint.gzip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The stock tools, the second opinion. One that is missing fails the test. */
final class Tool {

    private Tool() {}

    /** What a command makes of its standard input. */
    record Answer(int status, byte[] output, String complaint) {}

    /** Runs a command that has to succeed. @return its standard output */
    static byte[] run(byte[] input, String... command) throws IOException, InterruptedException {
        var answer = ask(input, command);
        assertEquals(0, answer.status(), String.join(" ", command) + ": " + answer.complaint());
        return answer.output();
    }

    static Answer ask(byte[] input, String... command) throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("imprint-gzip");
        var in = Files.write(folder.resolve("in"), input);
        var out = folder.resolve("out");
        var complaint = folder.resolve("complaint");
        try {
            var process = new ProcessBuilder(command).redirectInput(in.toFile()).redirectOutput(out.toFile())
                    .redirectError(complaint.toFile()).start();
            int status = process.waitFor();
            return new Answer(status, Files.readAllBytes(out), Files.readString(complaint).strip());
        } finally {
            for (Path file : List.of(in, out, complaint, folder)) {
                Files.deleteIfExists(file);
            }
        }
    }
}
