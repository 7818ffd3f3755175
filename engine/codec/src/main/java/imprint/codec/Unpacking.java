package imprint.codec;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** How the frames of one image are unpacked. Safe for several threads; what it makes is for one thread each. */
public interface Unpacking {

    /** Unpacks whole frames, one after another, each by itself. */
    interface Unpacker extends AutoCloseable {

        /**
         * Unpacks one frame and checks it.
         *
         * @param packed all bytes of the frame; direct
         * @param target filled; direct
         * @throws imprint.api.VolumeException.Corrupt it does not unpack to exactly {@code target.remaining()} sound bytes
         */
        void unpack(ByteBuffer packed, ByteBuffer target, FrameIndex.Frame frame) throws IOException;

        @Override
        void close();
    }

    /** Unpacks everything from some frame's start on, in ascending order. */
    interface Ascent extends Closeable {

        /**
         * Unpacks what comes next; never beyond a frame's end in one call. Whatever covers the bytes given out was checked
         * once {@link #nextFrame} says so, or once the end was reached.
         *
         * @param target direct, with room
         * @return bytes unpacked, at least 1; -1 at the sound end of the image
         */
        int read(ByteBuffer target) throws IOException;

        /** Where the next frame starts in the image, when all before it is unpacked and checked; -1 within a frame. */
        long nextFrame();

        @Override
        void close();
    }

    Unpacker unpacker();

    /** Begins at a frame's start, or at bytes that may stand before one. */
    Ascent ascend(PackedInput input);

    /** Whether a frame is small enough to hold nothing but zeroes, so that it is worth a look. */
    boolean mayBeZeroes(long packed, long length);

    /**
     * Whether a frame holds nothing but zeroes, and is sound.
     *
     * @param packed all its bytes
     * @throws imprint.api.VolumeException.Corrupt it is damaged
     */
    boolean isZeroes(ByteBuffer packed, FrameIndex.Frame frame) throws IOException;
}
