package imprint.codec;

import java.util.Arrays;

/**
 * Where each frame lies in the image and in the content, in 8 bytes per frame and a little more. Frames follow each other
 * without gaps in both. Safe for several threads once nothing is added any more.
 */
public final class FrameIndex {

    /** Bytes of memory per frame, nearly. */
    public static final int BYTES_PER_FRAME = 9;

    /** Most bytes that a frame may have, packed or unpacked. */
    public static final long LARGEST = 0xFFFFFFFFL;

    private static final int STRIDE = 32;                     // sums are kept for every 32nd frame only

    /**
     * One frame.
     *
     * @param number from 0
     * @param at     its first byte in the image
     * @param packed bytes in the image
     * @param offset its first byte in the content
     * @param length bytes of content
     */
    public record Frame(int number, long at, long packed, long offset, long length) {

        /** First offset of the content after this frame. */
        public long end() {
            return offset + length;
        }
    }

    private int[] sizes = new int[2 * STRIDE];                // packed, length by turns, unsigned
    private long[] sums = new long[2];                        // image, content by turns: where every 32nd frame starts
    private int count;
    private long packed;
    private long length;

    /** Adds the frame that follows the last. @throws IllegalArgumentException a size is no unsigned 32-bit number */
    public void add(long framePacked, long frameLength) {
        if (framePacked < 0 || framePacked > LARGEST || frameLength < 0 || frameLength > LARGEST) {
            throw new IllegalArgumentException("a frame of " + framePacked + " bytes, " + frameLength + " unpacked");
        }
        if (2 * count == sizes.length) {
            sizes = Arrays.copyOf(sizes, sizes.length + (sizes.length >> 1 & -2));
        }
        if (count % STRIDE == 0) {
            int mark = count / STRIDE * 2;
            if (mark == sums.length) {
                sums = Arrays.copyOf(sums, sums.length * 2);
            }
            sums[mark] = packed;
            sums[mark + 1] = length;
        }
        sizes[2 * count] = (int) framePacked;
        sizes[2 * count + 1] = (int) frameLength;
        count++;
        packed += framePacked;
        length += frameLength;
    }

    /** Frames. */
    public int count() {
        return count;
    }

    /** Bytes of all frames in the image. */
    public long packed() {
        return packed;
    }

    /** Bytes of content of all frames. */
    public long length() {
        return length;
    }

    /** Bytes of one frame in the image. */
    public long packedOf(int number) {
        return Integer.toUnsignedLong(sizes[2 * number]);
    }

    /** Bytes of content of one frame. */
    public long lengthOf(int number) {
        return Integer.toUnsignedLong(sizes[2 * number + 1]);
    }

    /** A frame by its number. */
    public Frame frame(int number) {
        int mark = number / STRIDE;
        long at = sums[2 * mark];
        long offset = sums[2 * mark + 1];
        for (int i = mark * STRIDE; i < number; i++) {
            at += packedOf(i);
            offset += lengthOf(i);
        }
        return new Frame(number, at, packedOf(number), offset, lengthOf(number));
    }

    /** The frame that holds a byte of the content, which has to lie before {@link #length}. */
    public Frame find(long offset) {
        int low = 0;
        int high = (count - 1) / STRIDE;
        while (low < high) {                                  // the last mark at or before the offset
            int middle = low + high + 1 >>> 1;
            if (sums[2 * middle + 1] <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        long at = sums[2 * low];
        long start = sums[2 * low + 1];
        int number = low * STRIDE;
        while (start + lengthOf(number) <= offset) {
            at += packedOf(number);
            start += lengthOf(number);
            number++;
        }
        return new Frame(number, at, packedOf(number), start, lengthOf(number));
    }
}
