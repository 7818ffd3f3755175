package imprint.raw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** System calls that fail on purpose, in a JVM of their own under strace. */
class FailuresTest {

    @TempDir
    Path folder;

    private Path target;

    @BeforeEach
    void makeOldFile() throws IOException {
        target = Files.writeString(folder.resolve("out.img"), "old");
    }

    /** @return what the child said */
    private String write(int status, String inject) throws Exception {
        var log = folder.resolve("strace.log");
        var command = List.of("strace", "-f", "-qq", "-e", "signal=none", "-P", target + ".partial", "-P", target.toString(),
                "-e", "trace=" + inject.substring(0, inject.indexOf(':')), "-e", "inject=" + inject, "-o", log.toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), WriteOne.class.getName(), target.toUri().toString());
        var said = Commands.runWith(status, command.toArray(String[]::new));
        assertTrue(status == 137 || Files.readString(log).contains("INJECTED"), "the call was never made");
        return said;
    }

    private void assertOldFileAlone() throws IOException {
        assertEquals("old", Files.readString(target));
        assertFalse(Files.exists(folder.resolve("out.img.partial")));
    }

    @Test
    void aFullDiskIsNoSpaceAtItsOffset() throws Exception {
        assertEquals("NoSpaceException: out.img, offset 393216: no space for 65536 more bytes (No space left on device).",
                write(0, "pwrite64:error=ENOSPC:when=7"));
        assertOldFileAlone();
    }

    @Test
    void anExhaustedQuotaAndAFileTooLargeAreNoSpaceToo() throws Exception {
        assertTrue(write(0, "pwrite64:error=EDQUOT:when=2").startsWith("NoSpaceException: "));
        assertTrue(write(0, "pwrite64:error=EFBIG:when=2").startsWith("NoSpaceException: "));
    }

    @Test
    void aFailedWriteNamesItsOffset() throws Exception {
        assertEquals("IOException: out.img, offset 65536: 65536 bytes cannot be written (Input/output error)",
                write(0, "pwrite64:error=EIO:when=2"));
        assertOldFileAlone();
    }

    @Test
    void aFailedSyncIsNoSuccess() throws Exception {
        assertTrue(write(0, "fsync,fdatasync:error=EIO:when=1").startsWith("IOException: out.img: the system could not bring all"));
        assertOldFileAlone();
    }

    @Test
    void aFailedRenameLeavesTheOldFile() throws Exception {
        assertTrue(write(0, "rename,renameat,renameat2:error=EIO:when=1").contains("cannot take its final name"));
        assertOldFileAlone();
    }

    @Test
    void aKillLeavesTheOldFileAndAPartialOneThatTheNextJobReplaces() throws Exception {
        write(137, "pwrite64:signal=SIGKILL:when=7");
        assertEquals("old", Files.readString(target));
        assertTrue(Files.size(folder.resolve("out.img.partial")) > 0);

        WriteOne.main(new String[] {target.toUri().toString()});

        assertEquals(16 * WriteOne.PIECE, Files.size(target));
        assertFalse(Files.exists(folder.resolve("out.img.partial")));
    }

    /** Writes one file in 16 pieces and says how that ended. */
    static final class WriteOne {

        static final int PIECE = 64 * 1024;

        private WriteOne() {}

        public static void main(String[] arguments) {
            try (var writer = new FilePlaces().create(URI.create(arguments[0]), -1, null)) {
                for (long at = 0; at < 16 * PIECE; at += PIECE) {
                    writer.write(at, ByteBuffer.allocateDirect(PIECE));
                }
                writer.finish(16 * PIECE);
                writer.commit();
            } catch (IOException failure) {
                System.out.println(failure.getClass().getSimpleName() + ": " + failure.getMessage());
            }
        }
    }
}
