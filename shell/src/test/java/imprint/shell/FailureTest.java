package imprint.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.BusyException;
import imprint.api.CancelledException;
import imprint.api.NoSpaceException;
import imprint.api.RefusedException;
import imprint.api.Verdict;
import imprint.api.Volume;
import imprint.api.VolumeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTest {
    private static final Volume IMAGE = new Volume() {
        @Override public long size() {
            return 0;
        }

        @Override public int read(long offset, ByteBuffer target) {
            return -1;
        }

        @Override public void close() {}

        @Override public String toString() {
            return "sda1.img";
        }
    };

    static Stream<Arguments> statuses() {
        var image = Failure.Doing.READING_IMAGE;
        var disk = Failure.Doing.READING_DISK;
        return Stream.of(
                Arguments.of(new RefusedException("same-disk", "no"), image, 6),
                Arguments.of(new NoSpaceException("full", null), image, 8),
                Arguments.of(new BusyException("busy"), image, 9),
                Arguments.of(new CancelledException(), image, 130),
                Arguments.of(new VolumeException.Corrupt(IMAGE, 1, 1, "bad"), image, 5),
                Arguments.of(new VolumeException.Unsupported(IMAGE, 1, "rare"), image, 5),
                Arguments.of(new VolumeException.Corrupt(IMAGE, 1, 1, "bad"), disk, 2),
                Arguments.of(new VolumeException.Unreadable(IMAGE, 1, 1, null), disk, 2),
                Arguments.of(new VolumeException.Unreadable(IMAGE, 1, 1, null), image, 2),
                Arguments.of(new NoSuchFileException("x"), image, 1),
                Arguments.of(new AccessDeniedException("x"), image, 1),
                Arguments.of(new FileAlreadyExistsException("x"), image, 6),
                Arguments.of(new FileSystemException("x", null, "Read-only file system"), image, 2),
                Arguments.of(new IOException("cable"), image, 2),
                Arguments.of(new IOException(), image, 2),
                Arguments.of(new IllegalArgumentException("level"), image, 1),
                Arguments.of(new UnsupportedOperationException("this format is only read"), image, 1),
                Arguments.of(new NullPointerException(), image, 2),
                Arguments.of(new NoClassDefFoundError("x/Y"), image, 2),
                Arguments.of(new OutOfMemoryError("Java heap space"), image, 2));
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void everyExceptionHasItsStatusAndASentence(Throwable thrown, Failure.Doing doing, int status) {
        var failure = Failure.of(thrown, doing, "no file bears the name b.img");

        assertEquals(status, failure.status(), failure.sentence());
        assertFalse(failure.sentence().isBlank() || failure.sentence().contains("null"), failure.sentence());
        assertFalse(failure.sentence().contains("Exception"), failure.sentence());
    }

    @Test void addsWhatIsIntactAndWhatToDo() {
        var corrupt = new VolumeException.Corrupt(IMAGE, 106, 4, "header checksum is 5f1a33c0, expected 9b2210ee");

        assertEquals("sda1.img, offset 106: header checksum is 5f1a33c0, expected 9b2210ee; no file bears the name b.img; "
                + "copy the image again from where it came, or use another one",
                Failure.of(corrupt, Failure.Doing.READING_IMAGE, "no file bears the name b.img").sentence());
    }

    @Test void namesTheWaiverOnceAndForPrograms() {
        var failure = Failure.of(new RefusedException("same-disk", "it lies on the source"), Failure.Doing.LOOKING, "");

        assertEquals("it lies on the source; --allow same-disk waives this check", failure.sentence());
        assertEquals("same-disk", failure.facts().get("waiver"));
        assertEquals(Verdict.REFUSED, failure.verdict());
        assertTrue(Failure.of(new RefusedException("a", "give --allow a"), Failure.Doing.LOOKING, "").sentence().endsWith("--allow a"));
    }

    @Test void theNumberOfTheSignalIsKeptWhereTheLauncherLeftIt() {
        System.setProperty(Signals.NUMBER, "15");
        try {
            assertEquals(143, Failure.of(new CancelledException(), Failure.Doing.LOOKING, "").status());
        } finally {
            System.clearProperty(Signals.NUMBER);
        }
    }
}
