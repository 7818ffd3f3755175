package imprint.acceptance;

import imprint.acceptance.Tools.Outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** What every test of faults needs: content, hashes, and programs that are run to their end. */
final class Faults {

    /** The long forms, whose results belong into docs/long-runs.md. */
    static final boolean LONG = Boolean.getBoolean("imprint.long") || System.getenv("IMPRINT_LONG") != null;

    /** Given back by {@code -Dimprint.seed}, to see the same again. */
    static final long SEED = Long.getLong("imprint.seed", 20_260_101L);

    private static final int MIB = 1 << 20;
    private static final int ZEROES = 64 << 10;

    /** No program takes this long; one that does hangs. */
    private static final int PATIENCE_SECONDS = 300;

    private Faults() {}

    /**
     * Makes a file of {@code mebibytes} in which {@code dataIn} of every {@code of} hold random bytes and two blocks of
     * zeroes; the others are holes.
     */
    static Path image(Path file, long seed, int mebibytes, int dataIn, int of) throws IOException {
        var random = new Random(seed);
        var piece = new byte[MIB];
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int at = 0; at < mebibytes; at++) {
                if (at % of < dataIn) {
                    random.nextBytes(piece);
                    Arrays.fill(piece, 5 * ZEROES, 6 * ZEROES, (byte) 0);
                    Arrays.fill(piece, 11 * ZEROES, 12 * ZEROES, (byte) 0);
                    channel.write(ByteBuffer.wrap(piece), (long) at * MIB);
                }
            }
            if (channel.size() < (long) mebibytes * MIB) {
                channel.write(ByteBuffer.allocate(1), (long) mebibytes * MIB - 1);
            }
        }
        return file;
    }

    static String sha256(Path file) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        var buffer = ByteBuffer.allocateDirect(MIB);
        try (var channel = FileChannel.open(file)) {
            while (channel.read(buffer) >= 0) {
                digest.update(buffer.flip());
                buffer.clear();
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Names in a folder, ascending. */
    static TreeSet<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
        }
    }

    /** What {@code ./imprint} is called. */
    static String imprint() {
        return Checkout.ROOT.resolve("imprint").toString();
    }

    /** Runs a program to its end, whatever that is. */
    static Outcome run(List<String> command) throws Exception {
        Path out = Files.createTempFile("out", null);
        Path err = Files.createTempFile("err", null);
        try {
            var process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + " did not end: " + Files.readString(err));
            }
            return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Runs a program that has to succeed. @return its output, stripped */
    static String succeed(String... command) throws Exception {
        var outcome = run(List.of(command));
        assertEquals(0, outcome.status(), () -> String.join(" ", command) + ": " + outcome.err());
        return outcome.out().strip();
    }

    static void deleteFolder(Path folder) throws IOException {
        for (var name : names(folder)) {
            Files.delete(folder.resolve(name));
        }
        Files.delete(folder);
    }
}
