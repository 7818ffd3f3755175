package imprint.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.VolumeException;
import imprint.api.Volumes;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class VolumesTest {

    private static final byte[] BYTES = MemoryVolume.random("bytes", 9, 5_000_000).bytes();

    @Test
    void readsFromAFileAndFromAPipe() throws Exception {
        var expected = Arrays.copyOfRange(BYTES, 10, 4_900_010);

        assertArrayEquals(expected, Volumes.read(MemoryVolume.of("file", BYTES), 10, 4_900_000).array());
        var pipe = new StreamVolume(new FaultyVolume(MemoryVolume.of("pipe", BYTES)).shortReads(70_001));
        assertArrayEquals(expected, Volumes.read(pipe, 10, 4_900_000).array());
        assertArrayEquals(new byte[0], Volumes.read(MemoryVolume.of("file", BYTES), 5_000_000, 0).array());
    }

    @Test
    void takesNoMemoryForBytesThatAreNotThere() {
        for (long claimed : new long[] {5_000_001, Integer.MAX_VALUE - 8, Integer.MAX_VALUE, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
            assertThrows(VolumeException.Corrupt.class, () -> Volumes.read(MemoryVolume.of("file", BYTES), 0, claimed));
            assertThrows(VolumeException.Corrupt.class, () -> Volumes.read(new StreamVolume(MemoryVolume.of("pipe", BYTES)), 0, claimed));
        }
        assertThrows(VolumeException.Corrupt.class, () -> Volumes.read(MemoryVolume.of("file", BYTES), -1, 1));
        var refusal = assertThrows(VolumeException.Corrupt.class, () -> Volumes.read(MemoryVolume.of("file", BYTES), 4_999_999, 2));
        assertTrue(refusal.getMessage().contains("ends after 1 of 2 bytes"), refusal.getMessage());
    }
}
