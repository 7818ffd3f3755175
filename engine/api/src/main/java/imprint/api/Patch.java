package imprint.api;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An ability of a writer: bytes that were written before may be written anew, before it is finished. */
public interface Patch {

    /** Replaces bytes that lie wholly before the highest offset written so far, whether data, zeroes or left out. */
    void patch(long offset, ByteBuffer data) throws IOException;
}
