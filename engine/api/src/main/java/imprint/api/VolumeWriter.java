package imprint.api;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A volume being made. Calls come from one thread, with ascending offsets that never overlap; what is left out between
 * two calls is UNUSED. It becomes real at {@link #commit}; closing it without leaves nothing under its final name.
 */
@ConsumerType
public interface VolumeWriter extends Closeable {

    /** Bytes of content it can take at most; {@code Long.MAX_VALUE} where there is no bound or it is not known. */
    default long capacity() {
        return Long.MAX_VALUE;
    }

    /** Writes all remaining bytes of {@code data}, which is the caller's again on return. */
    void write(long offset, ByteBuffer data) throws IOException;

    /** Makes {@code length} bytes read as zeroes; stores nothing where that can be said without. */
    void zero(long offset, long length) throws IOException;

    /** Marks bytes that could not be read. Where a format has no word for it they become zeroes, and the job keeps a map. */
    default void bad(long offset, long length) throws IOException {
        zero(offset, length);
    }

    /**
     * Ends the content: writes tails and indexes and syncs.
     *
     * @param size bytes of content, at least the end of the last call; what follows that end is UNUSED. What the
     *             content's size was at {@link Format#create}, where it was known.
     * @return the finished content, read back from where it was written, still under its temporary name; empty where what
     *         was written cannot be read back (a pipe). Closing it does not close the writer, closing the writer ends it.
     */
    Optional<Volume> finish(long size) throws IOException;

    /** Gives the volume its final name, durably. Only after {@link #finish}, once. */
    void commit() throws IOException;

    /** {@link Patch} or {@link Stored}, where the writer can do that. */
    default <A> Optional<A> as(Class<A> ability) {
        return Optional.empty();
    }
}
