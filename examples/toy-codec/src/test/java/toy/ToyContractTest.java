package toy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import imprint.api.Format;
import imprint.api.VolumeException;
import imprint.testing.Contents;
import imprint.testing.FormatContract;
import imprint.testing.MemoryVolume;
import imprint.testing.MemoryWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ToyContractTest extends FormatContract {

    @Override protected Format format() {
        return new ToyFormat();
    }

    @Override protected Set<Trait> lacks() {
        return Set.of(Trait.KEEPS_RUNS, Trait.KEEPS_BAD, Trait.JUDGED);
    }

    @Test void shortensRuns() throws Exception {
        var image = image(MemoryVolume.of("content", new byte[1 << 20]), Map.of());

        assertEquals(8 + 16 * (12 + 2 * 509) + 16, image.size());
    }

    @Test void readsEveryLayoutUpToItsOwnAndNamesANewerOne() throws Exception {
        var content = "what version 1 has written, version 2 reads".getBytes();
        for (int layout = 1; layout <= ToyFormat.WRITTEN; layout++) {
            try (var opened = format().open(written(content, layout), alone())) {
                assertArrayEquals(content, Contents.readAll(opened, content.length));
            }
        }

        var newer = written(content, ToyFormat.WRITTEN + 1);
        var refusal = assertThrows(VolumeException.Unsupported.class, () -> format().open(newer, alone()));

        assertEquals(IMAGE + ", offset 7: layout " + (ToyFormat.WRITTEN + 1) + " is not one of 1 to " + ToyFormat.WRITTEN, refusal.getMessage());
    }

    @Test void noticesABlockThatWasLeftOut() throws Exception {
        byte[] whole = image(MemoryVolume.of("content", new byte[1 << 20]), Map.of()).bytes();
        int block = 12 + 2 * 509;
        var cut = Arrays.copyOf(whole, whole.length - block);
        System.arraycopy(whole, 8 + 2 * block, cut, 8 + block, cut.length - 8 - block);

        try (var opened = format().open(MemoryVolume.of(IMAGE, cut), alone())) {
            assertThrows(VolumeException.Corrupt.class, () -> Contents.readAll(opened, 1 << 20));
        }
    }

    private MemoryVolume written(byte[] content, int layout) throws Exception {
        var image = MemoryWriter.named(IMAGE);
        try (var writer = new ToyWriter(image, layout, alone())) {
            writer.write(0, ByteBuffer.wrap(content));
            try {
                writer.finish(content.length);
            } catch (VolumeException.Unsupported e) {
                // it reads back what it wrote, and cannot
            }
            writer.commit();
        }
        return image.committed().orElseThrow();
    }
}
