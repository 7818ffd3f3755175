package imprint.zstd;

import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.Volumes;
import imprint.codec.FrameIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Finds the frames of an image without a seek table by reading block headers: three bytes for at most 128 KiB of content. */
final class FrameWalk {

    /** Block headers read at most: 4 GiB of content, about 0.1 s when cached. Larger images are read as streams. */
    static final int MOST_BLOCKS = 1 << 15;

    private static final int SKIPPABLE_HEADER = 8;

    private final Volume image;
    private final long size;
    private final ByteBuffer head = ByteBuffer.allocate(FrameHeader.LONGEST).order(ByteOrder.LITTLE_ENDIAN);
    private final FrameIndex index = new FrameIndex();
    private int blocks;

    private FrameWalk(Volume image) throws IOException {
        this.image = image;
        this.size = image.size();
    }

    /**
     * Every frame, those to be passed over as frames without content.
     *
     * @return empty where it cannot be known cheaply: a frame without a content size, or too many blocks
     * @throws VolumeException.Corrupt the image ends early, or something else stands where a frame has to begin
     */
    static Optional<FrameIndex> of(Volume image) throws IOException {
        return new FrameWalk(image).walk();
    }

    private Optional<FrameIndex> walk() throws IOException {
        for (long at = 0; at < size;) {
            long packed;
            long length = 0;
            int magic = fill(at) < Integer.BYTES ? 0 : head.getInt(0);
            if (FrameHeader.isSkippable(magic)) {
                packed = skippable(at);
                blocks++;
            } else if (magic == FrameHeader.MAGIC) {
                var header = FrameHeader.read(head, image, at);
                header.refuseDictionary(image, at);
                length = header.contentSize();
                if (length < 0) {
                    return Optional.empty();
                }
                packed = frame(at, header);
            } else {
                throw notAFrame(image, at, head);
            }
            if (blocks >= MOST_BLOCKS || packed > FrameIndex.LARGEST || length > FrameIndex.LARGEST) {
                return Optional.empty();
            }
            index.add(packed, length);
            at += packed;
        }
        return Optional.of(index);
    }

    static VolumeException.Corrupt notAFrame(Volume image, long at, ByteBuffer found) {
        var text = new StringBuilder();
        for (int i = 0; i < Math.min(4, found.remaining()); i++) {
            text.append(String.format("%02x ", found.get(found.position() + i)));
        }
        return new VolumeException.Corrupt(image, at, 0,
                "found " + text + "where a frame has to begin, expected 28 b5 2f fd");
    }

    private long skippable(long at) throws IOException {
        if (head.remaining() < SKIPPABLE_HEADER) {
            throw new VolumeException.Corrupt(image, at, head.remaining(), "ends within the header of a skippable frame");
        }
        long packed = SKIPPABLE_HEADER + Integer.toUnsignedLong(head.getInt(4));
        within(at, packed, "skippable frame");
        return packed;
    }

    private long frame(long start, FrameHeader header) throws IOException {
        for (long at = start + header.length(); blocks < MOST_BLOCKS;) {
            blocks++;
            if (fill(at) < FrameHeader.BLOCK_HEADER) {
                throw new VolumeException.Corrupt(image, at, 0, "ends within the frame that begins at " + start);
            }
            int block = head.getShort(0) & 0xFFFF | (head.get(2) & 0xFF) << 16;
            int type = block >> 1 & 3;
            if (type == FrameHeader.RESERVED || block >> 3 > FrameHeader.LARGEST_BLOCK) {
                throw new VolumeException.Corrupt(image, at, FrameHeader.BLOCK_HEADER, "block header is "
                        + Integer.toHexString(block) + ", expected a type other than 3 and at most 128 KiB");
            }
            at += within(at, FrameHeader.BLOCK_HEADER + (type == FrameHeader.RLE ? 1L : block >> 3), "block");
            if ((block & 1) != 0) {
                at += within(at, header.checksum() ? Integer.BYTES : 0, "frame checksum");
                return at - start;
            }
        }
        return size - start;                                  // too many: the caller gives up
    }

    private long within(long at, long length, String what) throws VolumeException {
        if (length > size - at) {
            throw new VolumeException.Corrupt(image, at, size - at,
                    "ends within a " + what + " of " + length + " bytes, " + (size - at) + " are here");
        }
        return length;
    }

    /** @return bytes at hand from there on */
    private int fill(long at) throws IOException {
        head.clear();
        int got = Volumes.readUpTo(image, at, head);
        while (head.hasRemaining()) {
            head.put((byte) 0);
        }
        head.position(0).limit(got);
        return got;
    }
}
