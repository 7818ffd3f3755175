package imprint.gzip;

import imprint.api.Job;
import imprint.api.Volume;
import imprint.codec.FrameIndex;
import imprint.codec.Packing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Packs members that stand for themselves. */
record GzipPacking(GzipFormat format, int level, Job job) implements Packing {

    private static final int PIECE = 1 << 20;

    @Override
    public int bound(int length) {
        return length + (length >> 10) + 64;                  // stored blocks of 16 KiB with 5 bytes each, header and trailer
    }

    @Override
    public Packer packer() {
        return new Member(level);
    }

    @Override
    public ByteBuffer zeroes(int length) {
        try (var member = new Member(Deflater.BEST_COMPRESSION)) {
            var packed = ByteBuffer.allocateDirect(length / 512 + 1024);
            var zeroes = ByteBuffer.allocateDirect(Math.min(length, PIECE));
            member.begin(packed);
            for (int left = length; left > 0; left -= zeroes.limit()) {
                member.add(zeroes.clear().limit(Math.min(left, PIECE)), packed, left <= PIECE);
            }
            return packed.flip();
        }
    }

    @Override
    public void tail(FrameIndex index, Tail tail) throws IOException {
        MemberTable.write(index, tail);
    }

    @Override
    public Volume open(Volume finished) throws IOException {
        return format.open(finished, job);
    }

    /** One member after another. */
    private static final class Member implements Packer {

        private final Deflater deflater;
        private final CRC32 crc = new CRC32();
        private final byte hint;

        Member(int level) {
            deflater = new Deflater(level, true);
            hint = (byte) (switch (level) {
                case Deflater.BEST_COMPRESSION -> MemberHeader.SMALLEST;
                case Deflater.BEST_SPEED -> MemberHeader.FASTEST;
                default -> 0;
            });
        }

        @Override
        public void pack(ByteBuffer content, ByteBuffer packed) {
            begin(packed);
            add(content, packed, true);
        }

        /** Without a time, so that the same content gives the same bytes. */
        void begin(ByteBuffer packed) {
            packed.put(MemberHeader.ID1).put(MemberHeader.ID2).put(MemberHeader.DEFLATE).put((byte) 0)
                    .putInt(0).put(hint).put((byte) 0xFF);
            deflater.reset();
            crc.reset();
        }

        void add(ByteBuffer content, ByteBuffer packed, boolean last) {
            crc.update(content.duplicate());
            deflater.setInput(content);
            if (last) {
                deflater.finish();
            }
            while (last ? !deflater.finished() : !deflater.needsInput()) {
                if (deflater.deflate(packed) == 0 && !packed.hasRemaining()) {
                    throw new IllegalStateException("deflate needs more than the " + packed.capacity() + " bytes it can need");
                }
            }
            if (last) {
                packed.order(ByteOrder.LITTLE_ENDIAN).putInt((int) crc.getValue()).putInt((int) deflater.getBytesRead());
            }
        }

        @Override
        public void close() {
            deflater.end();
        }
    }
}
