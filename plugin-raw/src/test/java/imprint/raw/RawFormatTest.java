package imprint.raw;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.testing.MemoryVolume;
import imprint.testing.MemoryWriter;
import imprint.testing.TestJob;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RawFormatTest {

    private final RawFormat format = new RawFormat();

    @Test
    void recognisesNothing() {
        assertFalse(format.recognises(ByteBuffer.allocate(65536), ByteBuffer.allocate(65536)));
    }

    @Test
    void givesVolumesAndWritersBackAsTheyAre() {
        try (var job = TestJob.alone()) {
            var volume = MemoryVolume.of("disk.img", new byte[100]);
            var writer = MemoryWriter.named("disk.img");

            assertSame(volume, format.open(volume, job));
            assertSame(writer, format.create(writer, volume, Map.of(), job));
            assertTrue(assertThrows(IllegalArgumentException.class,
                    () -> format.create(writer, volume, Map.of("level", "3"), job)).getMessage().contains("\"level\""));
        }
    }
}
