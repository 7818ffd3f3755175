package imprint.codec;

import imprint.api.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;

/** How the frames of one image are packed. */
public interface Packing {

    /** Packs frames, one after another, each by itself. For one thread. */
    interface Packer extends AutoCloseable {

        /** Packs all of {@code content} to the position of {@code packed}, which has {@link Packing#bound} bytes of room; both direct. */
        void pack(ByteBuffer content, ByteBuffer packed);

        @Override
        void close();
    }

    /** Takes the bytes of the tail in order. */
    interface Tail {
        void lay(ByteBuffer bytes) throws IOException;
    }

    /** Bytes that a frame of this much content takes at most. */
    int bound(int length);

    Packer packer();

    /** A whole frame of {@code length} zeroes. */
    ByteBuffer zeroes(int length);

    /** What comes after the last frame; a frame at least has been laid down. */
    void tail(FrameIndex index, Tail tail) throws IOException;

    /** Opens what was written, by the same code that opens any image. */
    Volume open(Volume finished) throws IOException;
}
