package imprint.api;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** An ability of a writer: takes bytes that lie verbatim in another file without their passing through us. */
public interface Intake {

    /**
     * Writes {@code length} bytes at {@code offset}, as {@link VolumeWriter#write} would.
     *
     * @param from     where they lie; its own position is neither used nor moved
     * @param position of the first byte there
     * @return false where the system cannot move them this way, or failed without a word on which side it was: nothing is
     *         promised of the range then, and {@link VolumeWriter#write} has to be called for it
     * @throws NoSpaceException the target is full
     */
    boolean take(FileChannel from, long position, long offset, long length) throws IOException;
}
