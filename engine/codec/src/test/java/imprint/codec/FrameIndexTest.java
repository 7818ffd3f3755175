package imprint.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameIndexTest {

    @Test
    void findsTheFrameOfEveryByte() {
        var random = new Random(7);
        for (int count = 1; count < 200; count++) {
            var index = new FrameIndex();
            for (int i = 0; i < count; i++) {
                index.add(random.nextInt(9), i % 5 == 3 ? 0 : random.nextInt(4));
            }
            long at = 0;
            long offset = 0;
            for (int i = 0; i < count; i++) {
                assertEquals(new FrameIndex.Frame(i, at, index.packedOf(i), offset, index.lengthOf(i)), index.frame(i));
                for (long byteOfFrame = offset; byteOfFrame < offset + index.lengthOf(i); byteOfFrame++) {
                    assertEquals(index.frame(i), index.find(byteOfFrame), "byte " + byteOfFrame + " of " + count + " frames");
                }
                at += index.packedOf(i);
                offset += index.lengthOf(i);
            }
            assertEquals(at, index.packed());
            assertEquals(offset, index.length());
        }
    }

    @Test
    void takesFramesOfAlmostFourGibibytes() {
        var index = new FrameIndex();
        for (int i = 0; i < 100; i++) {
            index.add(FrameIndex.LARGEST, FrameIndex.LARGEST);
        }

        assertEquals(99, index.find(100 * FrameIndex.LARGEST - 1).number());
        assertEquals(50 * FrameIndex.LARGEST, index.frame(50).at());
        assertThrows(IllegalArgumentException.class, () -> index.add(1, FrameIndex.LARGEST + 1));
        assertThrows(IllegalArgumentException.class, () -> index.add(-1, 1));
    }
}
