package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File systems that end at any byte: of the image, of what lies beside it, of the manifest. */
class FullDiskTest {

    private static final int NO_SPACE = 8;
    private static final int MIBS = 8;
    private static final long PAGE = 4096;

    /** KiB; the native library of zstd, which is unpacked to a temporary file, is smaller. */
    private static final int SMALLEST = 2048;
    private static final Set<String> ALL = Set.of("x.img.zst", "x.img.zst.sha256", "x.img.zst.imprint.json");

    /** Runs a command over a file system of its own, and says what is in it then; a success is looked into. */
    private static final String ON_TMPFS = """
            mount -t tmpfs -o size="$1" none "$2" || exit 99
            folder=$2 report=$3
            shift 3
            "$@"; status=$?
            ls -A "$folder" > "$report"
            [ $status -ne 0 ] || (cd "$folder" && sha256sum -c *.sha256) >&2 || exit 98
            exit $status""";

    /** Files may have so many KiB; a program that does not mind the signal gets EFBIG. */
    private static final String SMALL_FILES = "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"";

    @TempDir Path folder;
    private final Random random = new Random(Faults.SEED);
    private Path source;
    private String hash;

    @BeforeEach void makeASource() throws Exception {
        source = Faults.image(folder.resolve("source"), Faults.SEED, MIBS, 1, 1);
        hash = Hash.of(source);
        Files.createDirectory(folder.resolve("mount"));
    }

    @Test void aDiskThatFillsUpLeavesNothingUnderAFinalName() throws Exception {
        System.out.println("full disks, seed " + Faults.SEED);
        long pages = storedPages();
        var sizes = new ArrayList<>(List.of(PAGE, (pages - 1) * PAGE, pages * PAGE, (pages + 1) * PAGE, (pages + 2) * PAGE));
        int more = Faults.LONG ? 95 : 3;
        LongStream.generate(() -> 1 + random.nextLong((pages + 2) * PAGE)).limit(more).forEach(sizes::add);
        int full = 0;

        for (long size : sizes) {
            var run = onTmpfs(size, "x.img.zst");

            var when = "a disk of " + size + " bytes: " + run.outcome().err();
            if (run.outcome().status() == 0) {
                assertEquals(ALL, run.names(), when);
            } else {
                full++;
                assertEquals(NO_SPACE, run.outcome().status(), when);
                assertTrue(run.names().stream().allMatch(name -> name.endsWith(".partial")), when + run.names());
                assertTrue(run.outcome().err().contains("x.img.zst"), when);
            }
        }

        assertEquals(hash, Hash.of(source));
        assertTrue(full >= 4 && full < sizes.size(), full + " of " + sizes.size() + " disks were full");
    }

    @Test void whatIsKnownNotToFitIsRefusedBeforeTheFirstByte() throws Exception {
        for (long size : new long[] {PAGE, 1 + random.nextLong((long) MIBS << 20), ((long) MIBS << 20) - PAGE}) {
            var run = onTmpfs(size, "x.img");

            assertEquals(NO_SPACE, run.outcome().status(), run.outcome().err());
            assertTrue(run.outcome().err().contains("nothing was written"), run.outcome().err());
            assertEquals(Set.of(), run.names());
        }
    }

    @Test void aLimitOnTheSizeOfFilesIsLikeAFullDisk() throws Exception {
        for (int kib : new int[] {SMALLEST, SMALLEST + random.nextInt(MIBS / 2 << 10)}) {
            for (var name : List.of("x.img", "x.img.zst")) {
                var target = folder.resolve("mount").resolve(name);

                var run = Faults.run(List.of("bash", "-c", SMALL_FILES, "bash", String.valueOf(kib), Faults.imprint(), "backup",
                        source.toString(), target.toString()));

                assertEquals(NO_SPACE, run.status(), run.err());
                assertTrue(run.err().contains(name), run.err());
                assertEquals(Set.of(), Faults.names(target.getParent()));
            }
        }
        assertEquals(hash, Hash.of(source));
    }

    private record Run(Tools.Outcome outcome, Set<String> names) {}

    private Run onTmpfs(long size, String name) throws Exception {
        var mount = folder.resolve("mount");
        var report = folder.resolve("report");
        var outcome = Faults.run(List.of("unshare", "-m", "sh", "-c", ON_TMPFS, "sh", String.valueOf(size), mount.toString(),
                report.toString(), Faults.imprint(), "backup", source.toString(), mount.resolve(name).toString()));
        return new Run(outcome, new TreeSet<>(Files.readAllLines(report)));
    }

    private long storedPages() throws Exception {
        var sample = Files.createDirectory(folder.resolve("sample")).resolve("x.img.zst");
        Tools.run(Faults.imprint(), "backup", source.toString(), sample.toString());
        return (Files.size(sample) + PAGE - 1) / PAGE;
    }
}
