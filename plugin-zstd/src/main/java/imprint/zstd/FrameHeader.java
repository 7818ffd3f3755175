package imprint.zstd;

import imprint.api.Volume;
import imprint.api.VolumeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The first bytes of a zstd frame, little-endian. Layout: RFC 8878, section 3.1.1.1.
 *
 * @param length      bytes of the header, magic included
 * @param window      bytes that unpacking has to look back at most
 * @param contentSize bytes the frame unpacks to; -1 where it does not say
 * @param checksum    whether four bytes of XXH64 follow the last block
 * @param dictionary  the id of the dictionary it needs; 0 for none
 */
record FrameHeader(int length, long window, long contentSize, boolean checksum, long dictionary) {

    static final int MAGIC = 0xFD2FB528;
    static final int LONGEST = 18;
    static final int BLOCK_HEADER = 3;
    static final int LARGEST_BLOCK = 128 * 1024;
    static final int RAW = 0, RLE = 1, RESERVED = 3;          // block types; 2 is compressed

    private static final int DESCRIPTOR = 4;
    private static final int RESERVED_BIT = 1 << 3, CHECKSUM_BIT = 1 << 2, SINGLE_SEGMENT_BIT = 1 << 5;

    /** Whether a magic is that of a frame to be passed over. */
    static boolean isSkippable(int magic) {
        return (magic & 0xFFFFFFF0) == 0x184D2A50;
    }

    /**
     * Reads the header at the position of {@code head}, which does not move; the magic was looked at already.
     *
     * @param at offset of the frame in the image
     * @throws VolumeException.Corrupt     cut short, or the reserved bit is set
     * @throws VolumeException.Unsupported a content size beyond 2^63
     */
    static FrameHeader read(ByteBuffer head, Volume image, long at) throws VolumeException {
        var in = head.slice().order(ByteOrder.LITTLE_ENDIAN);
        int descriptor = in.remaining() > DESCRIPTOR ? in.get(DESCRIPTOR) & 0xFF : 0;
        int length = in.remaining() > DESCRIPTOR ? lengthOf(descriptor) : DESCRIPTOR + 1;
        if (in.remaining() < length) {
            throw new VolumeException.Corrupt(image, at, in.remaining(),
                    "ends within a frame header, " + in.remaining() + " bytes are here, expected " + length);
        }
        if ((descriptor & RESERVED_BIT) != 0) {
            throw new VolumeException.Corrupt(image, at + DESCRIPTOR, 1,
                    "frame descriptor is " + Integer.toHexString(descriptor) + ", expected bit 3 to be 0");
        }
        in.position(DESCRIPTOR + 1);
        boolean single = (descriptor & SINGLE_SEGMENT_BIT) != 0;
        long window = 0;
        if (!single) {
            int exponentAndMantissa = in.get() & 0xFF;
            long base = 1L << 10 + (exponentAndMantissa >> 3);
            window = base + base / 8 * (exponentAndMantissa & 7);
        }
        long dictionary = switch (descriptor & 3) {
            case 1 -> in.get() & 0xFF;
            case 2 -> in.getShort() & 0xFFFF;
            case 3 -> Integer.toUnsignedLong(in.getInt());
            default -> 0;
        };
        long contentSize = switch (descriptor >> 6) {
            case 1 -> (in.getShort() & 0xFFFF) + 256;
            case 2 -> Integer.toUnsignedLong(in.getInt());
            case 3 -> in.getLong();
            default -> single ? in.get() & 0xFF : -1;
        };
        if (contentSize < 0 && descriptor >> 6 == 3) {
            throw new VolumeException.Unsupported(image, at, "frame content size is " + Long.toUnsignedString(contentSize)
                    + " bytes, the most that is read here is " + Long.MAX_VALUE);
        }
        return new FrameHeader(length, single ? contentSize : window, contentSize, (descriptor & CHECKSUM_BIT) != 0, dictionary);
    }

    /** @throws VolumeException.Unsupported the frame needs a dictionary, which no image carries with it */
    void refuseDictionary(Volume image, long at) throws VolumeException {
        if (dictionary != 0) {
            throw new VolumeException.Unsupported(image, at,
                    "frame was packed with the dictionary of id " + dictionary + ", which is not in the image");
        }
    }

    /** Whether these bytes, with the magic, begin like a frame that can be: its first block too. */
    static boolean isPlausible(ByteBuffer head) {
        var in = head.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (in.remaining() <= DESCRIPTOR || in.getInt(0) != MAGIC) {
            return false;
        }
        int descriptor = in.get(DESCRIPTOR) & 0xFF;
        int length = lengthOf(descriptor);
        if ((descriptor & RESERVED_BIT) != 0 || in.remaining() < length + BLOCK_HEADER) {
            return false;
        }
        int block = in.getShort(length) & 0xFFFF | (in.get(length + 2) & 0xFF) << 16;
        return (block >> 1 & 3) != RESERVED && block >> 3 <= LARGEST_BLOCK;
    }

    private static int lengthOf(int descriptor) {
        boolean single = (descriptor & SINGLE_SEGMENT_BIT) != 0;
        int dictionaryBytes = (descriptor & 3) == 3 ? 4 : descriptor & 3;
        int sizeBytes = descriptor >> 6 == 0 ? single ? 1 : 0 : 1 << (descriptor >> 6);
        return DESCRIPTOR + 1 + (single ? 0 : 1) + dictionaryBytes + sizeBytes;
    }
}
