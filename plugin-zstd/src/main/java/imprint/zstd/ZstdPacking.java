package imprint.zstd;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import imprint.api.Job;
import imprint.api.Volume;
import imprint.codec.FrameIndex;
import imprint.codec.Packing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Packs frames with content size and checksum, and a seek table after them. */
record ZstdPacking(ZstdFormat format, int level, Job job) implements Packing {

    private static final byte SIZE_IN_4_BYTES_AND_CHECKSUM = (byte) 0x84;
    private static final byte WINDOW_OF_128_KIB = 7 << 3;
    private static final int LONGEST_FRAME_AROUND_BLOCKS = 14;

    @Override
    public int bound(int length) {
        return (int) Zstd.compressBound(length);
    }

    @Override
    public Packer packer() {
        var context = new ZstdCompressCtx().setLevel(level).setChecksum(true).setContentSize(true);
        return new Packer() {
            @Override
            public void pack(ByteBuffer content, ByteBuffer packed) {
                packed.position(packed.position() + context.compressDirectByteBuffer(packed, packed.position(), packed.remaining(),
                        content, content.position(), content.remaining()));
            }

            @Override
            public void close() {
                context.close();
            }
        };
    }

    /** Blocks of one byte repeated: 4 bytes for 128 KiB, where the library would need more and could not be recognised. */
    @Override
    public ByteBuffer zeroes(int length) {
        int blocks = Math.ceilDiv(length, FrameHeader.LARGEST_BLOCK);
        var frame = ByteBuffer.allocateDirect(LONGEST_FRAME_AROUND_BLOCKS + 4 * blocks).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(FrameHeader.MAGIC).put(SIZE_IN_4_BYTES_AND_CHECKSUM).put(WINDOW_OF_128_KIB).putInt(length);
        for (int left = length; left > 0; left -= FrameHeader.LARGEST_BLOCK) {
            int size = Math.min(left, FrameHeader.LARGEST_BLOCK);
            int last = size == left ? 1 : 0;
            frame.putInt(last | FrameHeader.RLE << 1 | size << 3);    // three bytes of header, and the byte 0
        }
        return frame.putInt(XxHash64.ofZeroes(length)).flip();
    }

    @Override
    public void tail(FrameIndex index, Tail tail) throws IOException {
        SeekTable.write(index, tail);
    }

    @Override
    public Volume open(Volume finished) throws IOException {
        return format.open(finished, job);
    }
}
