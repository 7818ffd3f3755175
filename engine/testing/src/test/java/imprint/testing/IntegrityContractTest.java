package imprint.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import imprint.api.FileSet;
import imprint.api.Integrity;
import imprint.api.Job;
import imprint.api.Report;
import imprint.api.Tap;
import imprint.api.Volumes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of integrity on a sound toy, and on one with each flaw. */
class IntegrityContractTest {

    enum Flaw { NONE, SAYS_INTACT_WITHOUT_SIDECAR, IGNORES_ZEROES, COMMITS_THE_SIDECAR, LOOKS_AT_THE_START, IGNORES_OPTIONS, WAITS_FOR_WORKERS, CLOSES_THE_SIDECAR }

    private static final Map<Flaw, String> RED = Map.of(
            Flaw.SAYS_INTACT_WITHOUT_SIDECAR, "saysWhenNothingCoversTheFile",
            Flaw.IGNORES_ZEROES, "digestsDoNotDependOnThePieces",
            Flaw.COMMITS_THE_SIDECAR, "leavesTheSidecarsUncommitted",
            Flaw.LOOKS_AT_THE_START, "findsEveryFlippedBit",
            Flaw.IGNORES_OPTIONS, "refusesOptionsItDoesNotKnow",
            Flaw.WAITS_FOR_WORKERS, "canBeFedOnTheJobsOwnThreads",
            Flaw.CLOSES_THE_SIDECAR, "leavesTheSidecarsUncommitted");

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsTheFlaw(Flaw flaw) {
        var claim = Set.of(RED.get(flaw));
        assertEquals(new TreeSet<>(claim), Suites.red(Flawed.class, Map.of("flaw", flaw.name()), claim));
    }

    @Nested
    class Sound extends Flawed {}

    static class Flawed extends IntegrityContract {

        @Override
        protected Integrity integrity() {
            var flaw = Suites.parameter("flaw");
            return new CrcFiles(flaw.isEmpty() ? Flaw.NONE : Flaw.valueOf(flaw));
        }

        @Override
        protected List<String> names() {
            return List.of("crc32");
        }

        @Override
        protected Set<Trait> lacks() {
            return Set.of(Trait.REPAIRS);
        }

        @Override
        protected boolean stockVerifies(MemoryFileSet files, String name) {
            var crc = new CRC32();
            crc.update(files.get(FILE));
            return new String(files.get(FILE + ".crc32"), StandardCharsets.US_ASCII).equals("%08x".formatted(crc.getValue()));
        }
    }

    /** A toy: the file's CRC-32 in hex in a sidecar of its own. */
    private record CrcFiles(Flaw flaw) implements Integrity {

        @Override
        public Tap tap(String name, Map<String, String> options, Job job) {
            if (flaw != Flaw.IGNORES_OPTIONS && !options.isEmpty()) {
                throw new IllegalArgumentException("crc32 has no options, so not " + options.keySet());
            }
            return new CrcTap(flaw, new CRC32(), job);
        }

        @Override
        public Report verify(FileSet files, Job job) throws IOException {
            var sidecar = files.name() + ".crc32";
            if (!files.names().contains(sidecar)) {
                return flaw == Flaw.SAYS_INTACT_WITHOUT_SIDECAR
                        ? new Report(Report.State.INTACT, List.of(), 0, List.of("nothing")) : Report.unknown();
            }
            try (var file = files.open(files.name()); var kept = files.open(sidecar)) {
                var crc = new CRC32();
                long at = 0;
                for (var buffer = ByteBuffer.allocate(4096); file.read(at, buffer.clear()) > 0; at += buffer.limit()) {
                    crc.update(buffer.flip());
                    if (flaw == Flaw.LOOKS_AT_THE_START) {
                        return new Report(Report.State.INTACT, List.of(), file.size(), List.of(sidecar));
                    }
                }
                var found = "%08x".formatted(crc.getValue());
                var expected = StandardCharsets.US_ASCII.decode(Volumes.head(kept, 8)).toString();
                return found.equals(expected) ? new Report(Report.State.INTACT, List.of(), at, List.of(sidecar))
                        : new Report(Report.State.DAMAGED, List.of(files.name() + ": crc32 is " + found + ", " + sidecar + " says "
                                + expected), at, List.of(sidecar));
            }
        }
    }

    private record CrcTap(Flaw flaw, CRC32 crc, Job job) implements Tap {

        @Override
        public void update(ByteBuffer data) throws IOException {
            if (flaw == Flaw.WAITS_FOR_WORKERS) {
                try {
                    job.workers().submit(() -> crc.update(data)).get();
                } catch (InterruptedException | ExecutionException e) {
                    throw new IOException(e);
                }
            }
            crc.update(data);
        }

        @Override
        public void zero(long length) {
            for (long i = 0; i < length && flaw != Flaw.IGNORES_ZEROES; i++) {
                crc.update(0);
            }
        }

        @Override
        public Map<String, String> digests() {
            return Map.of("crc32", "%08x".formatted(crc.getValue()));
        }

        @Override
        public void seal(FileSet files) throws IOException {
            var sidecar = files.create(files.name() + ".crc32");
            sidecar.write(0, StandardCharsets.US_ASCII.encode(digests().get("crc32")));
            sidecar.finish(8);
            if (flaw == Flaw.COMMITS_THE_SIDECAR) {
                sidecar.commit();
            }
            if (flaw == Flaw.CLOSES_THE_SIDECAR) {
                sidecar.close();
            }
        }
    }
}
