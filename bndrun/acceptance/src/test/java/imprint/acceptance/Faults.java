package imprint.acceptance;

import imprint.acceptance.Tools.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** What every test of faults needs: content, folders, and a seed. */
final class Faults {

    /** The long forms, whose results belong into docs/long-runs.md. */
    static final boolean LONG = Boolean.getBoolean("imprint.long") || System.getenv("IMPRINT_LONG") != null;

    /** Given back by {@code -Dimprint.seed}, to see the same again. */
    static final long SEED = Long.getLong("imprint.seed", 20_260_101L);

    private static final int MIB = 1 << 20;
    private static final int ZEROES = 64 << 10;

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
    static Tools.Outcome run(List<String> command) throws Exception {
        return Tools.end(Tools.command(command.toArray()));
    }

    static void deleteFolder(Path folder) throws IOException {
        for (var name : names(folder)) {
            Files.delete(folder.resolve(name));
        }
        Files.delete(folder);
    }
}
