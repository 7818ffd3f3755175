package imprint.zstd;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdDirectBufferDecompressingStreamNoFinalizer;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdIOException;
import imprint.api.Job;
import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.codec.FrameIndex.Frame;
import imprint.codec.PackedInput;
import imprint.codec.Unpacking;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Unpacks the frames of one zstd image.
 *
 * @param checksums of each frame's content, from a seek table
 */
record ZstdUnpacking(Volume image, Optional<int[]> checksums, Job job) implements Unpacking {

    /** The window that every zstd unpacks without being asked. */
    private static final long USUAL_WINDOW = 128L << 20;
    private static final int LONGEST_WINDOW_LOG = 31;
    private static final int CHECKSUM = 4;

    @Override
    public Unpacker unpacker() {
        return new WholeFrames();
    }

    @Override
    public Ascent ascend(PackedInput input) {
        return new Frames(input);
    }

    @Override
    public boolean mayBeZeroes(long packed, long length) {
        long blocks = length / FrameHeader.LARGEST_BLOCK + 2;
        return packed <= FrameHeader.LONGEST + CHECKSUM + blocks * (FrameHeader.BLOCK_HEADER + 1);
    }

    /** Whether all blocks are one byte repeated, and that byte is 0. Anything odd is left to the library to judge. */
    @Override
    public boolean isZeroes(ByteBuffer packed, Frame frame) throws IOException {
        var in = packed.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (in.remaining() < FrameHeader.LONGEST || in.getInt(0) != FrameHeader.MAGIC) {
            return false;
        }
        var header = FrameHeader.read(in, image, frame.at());
        long length = 0;
        boolean last = false;
        in.position(header.length());
        while (!last) {
            if (in.remaining() < FrameHeader.BLOCK_HEADER) {
                return false;
            }
            int block = in.getShort() & 0xFFFF | (in.get() & 0xFF) << 16;
            int type = block >> 1 & 3;
            int size = block >> 3;
            boolean zeroes = size == 0 && type == FrameHeader.RAW
                    || type == FrameHeader.RLE && size <= Math.min(header.window(), FrameHeader.LARGEST_BLOCK)
                    && in.hasRemaining() && in.get() == 0;
            if (!zeroes) {
                return false;
            }
            length += size;
            last = (block & 1) != 0;
        }
        if (length != frame.length() || header.dictionary() != 0 || in.remaining() != (header.checksum() ? CHECKSUM : 0)
                || header.contentSize() >= 0 && header.contentSize() != length) {
            return false;
        }
        int expected = XxHash64.ofZeroes(length);
        if (header.checksum()) {
            compare(in.getInt(), expected, "frame checksum", frame);
        }
        if (checksums.isPresent()) {
            compare(checksums.get()[frame.number()], expected, "checksum in the seek table", frame);
        }
        return true;
    }

    private void compare(int found, int expected, String what, Frame frame) throws VolumeException {
        if (found != expected) {
            throw new VolumeException.Corrupt(image, frame.at(), frame.packed(), String.format(
                    "%s is %08x, the content has %08x", what, found, expected));
        }
    }

    private IOException damaged(long at, long length, long code, Exception cause) {
        if (code == Zstd.errMemoryAllocation()) {
            return new IOException(image + ", offset " + at + ": no memory is left to unpack this frame", cause);
        }
        return new VolumeException.Corrupt(image, at, length, "frame cannot be unpacked: " + cause.getMessage(), cause);
    }

    /** Each frame in one go, which needs no window. */
    private final class WholeFrames implements Unpacker {

        private final ZstdDecompressCtx context = new ZstdDecompressCtx();

        @Override
        public void unpack(ByteBuffer packed, ByteBuffer target, Frame frame) throws IOException {
            var in = packed.slice().order(ByteOrder.LITTLE_ENDIAN);
            if (in.remaining() < Integer.BYTES || in.getInt(0) != FrameHeader.MAGIC) {
                throw FrameWalk.notAFrame(image, frame.at(), in);
            }
            FrameHeader.read(in, image, frame.at()).refuseDictionary(image, frame.at());
            int length;
            try {
                length = context.decompressDirectByteBuffer(target, target.position(), target.remaining(),
                        packed, packed.position(), packed.remaining());
            } catch (ZstdException e) {
                throw damaged(frame.at(), frame.packed(), e.getErrorCode(), e);
            }
            if (length != target.remaining()) {
                throw new VolumeException.Corrupt(image, frame.at(), frame.packed(),
                        "frame unpacks to " + length + " bytes, expected " + target.remaining());
            }
            if (checksums.isPresent()) {
                compare(checksums.get()[frame.number()], XxHash64.of(target), "checksum in the seek table", frame);
            }
            target.position(target.limit());
        }

        @Override
        public void close() {
            context.close();
        }
    }

    /** Frame after frame, fed block by block, so that it is known where each of them ends. */
    private final class Frames implements Ascent {

        private final PackedInput input;
        private ZstdDirectBufferDecompressingStreamNoFinalizer frame;
        private FrameHeader header;
        private long start;                                   // of the frame in the image
        private long left;                                    // bytes of header, block or checksum still to be fed
        private boolean wasLast;                              // the last block has begun
        private boolean wasChecksum;                          // nothing follows what is being fed

        Frames(PackedInput input) {
            this.input = input;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            int before = target.position();
            while (target.position() == before) {
                if (frame == null && !begin()) {
                    return -1;
                }
                boolean done = false;
                while (!done && target.hasRemaining()) {
                    done = step(target);
                }
                // the checksum is read before the last byte goes out
                if (done || wasLast && left == 0 && step(target)) {
                    close();
                }
            }
            return target.position() - before;
        }

        @Override
        public long nextFrame() {
            return frame == null ? input.at() : -1;
        }

        @Override
        public void close() {
            if (frame != null) {
                frame.close();
                frame = null;
            }
        }

        /** @return false at the end of the image */
        private boolean begin() throws IOException {
            while (true) {
                int here = input.require(FrameHeader.LONGEST);
                if (here == 0) {
                    return false;
                }
                start = input.at();
                var head = input.buffer();
                int magic = here < Integer.BYTES ? 0 : head.getInt(head.position());
                if (magic == FrameHeader.MAGIC) {
                    break;
                }
                if (!FrameHeader.isSkippable(magic) || here < 8) {
                    throw FrameWalk.notAFrame(image, start, head);
                }
                long length = 8 + Integer.toUnsignedLong(head.getInt(head.position() + 4));
                if (!input.skip(length)) {
                    throw new VolumeException.Corrupt(image, start, input.at() - start,
                            "ends within a skippable frame of " + length + " bytes, " + (input.at() - start) + " are here");
                }
            }
            header = FrameHeader.read(input.buffer(), image, start);
            header.refuseDictionary(image, start);
            if (header.window() > Math.max(USUAL_WINDOW, job.memory() / 2) || header.window() > 1L << LONGEST_WINDOW_LOG) {
                throw new VolumeException.Unsupported(image, start, "frame needs a window of " + header.window()
                        + " bytes, give at least --memory " + 2 * header.window());
            }
            frame = new ZstdDirectBufferDecompressingStreamNoFinalizer(input.buffer());
            if (header.window() > USUAL_WINDOW) {
                frame.setLongMax(LONGEST_WINDOW_LOG);
            }
            left = header.length();
            wasLast = false;
            wasChecksum = false;
            return true;
        }

        /** @return true when the frame is unpacked and sound */
        private boolean step(ByteBuffer target) throws IOException {
            if (left == 0 && !wasChecksum) {
                nextPiece();
            }
            int here = left == 0 ? 0 : input.require(1);
            if (left > 0 && here == 0) {
                throw cutShort(left);
            }
            var packed = input.buffer();
            int from = packed.position();
            int limit = packed.limit();
            packed.limit(from + (int) Math.min(here, left));
            try {
                frame.read(target);
            } catch (ZstdIOException e) {
                throw damaged(start, input.at() - start, e.getErrorCode(), e);
            } finally {
                left -= packed.position() - from;
                packed.limit(limit);
            }
            return wasChecksum && left == 0 && !frame.hasRemaining();
        }

        private void nextPiece() throws IOException {
            if (wasLast) {
                left = header.checksum() ? CHECKSUM : 0;
                wasChecksum = true;
                return;
            }
            if (input.require(FrameHeader.BLOCK_HEADER) < FrameHeader.BLOCK_HEADER) {
                throw cutShort(FrameHeader.BLOCK_HEADER);
            }
            var in = input.buffer();
            int at = in.position();
            int block = in.getShort(at) & 0xFFFF | (in.get(at + 2) & 0xFF) << 16;
            left = FrameHeader.BLOCK_HEADER + ((block >> 1 & 3) == FrameHeader.RLE ? 1 : block >> 3);
            wasLast = (block & 1) != 0;
        }

        private VolumeException.Corrupt cutShort(long expected) {
            return new VolumeException.Corrupt(image, input.at(), 0, "ends within the frame that begins at " + start
                    + ", found " + input.buffer().remaining() + " bytes, expected " + expected + " more at least");
        }
    }
}
