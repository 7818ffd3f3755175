package imprint.api;

import java.nio.channels.FileChannel;

/**
 * An ability: the bytes of a volume lie verbatim in a file or device, so that fast paths may move them directly.
 * Only DATA extents are promised to lie there.
 */
public interface Stored {

    /** Where they lie; the volume's own, never closed by the caller. */
    FileChannel channel();

    /** Position in {@link #channel} of the volume's byte {@code offset}. */
    long position(long offset);

    /** What positions, lengths and buffer addresses have to be multiples of; 1 where anything goes. */
    int alignment();
}
