package imprint.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Sees the bytes of one file in ascending order and without gaps, by one thread at a time. That thread may be one of
 * {@link Job#workers}, so {@link #update} and {@link #zero} do not wait for these.
 */
public interface Tap {

    /** The next bytes; consumes all that remain. The buffer is the caller's again on return. */
    void update(ByteBuffer data) throws IOException;

    /** The next {@code length} bytes are zeroes. */
    void zero(long length) throws IOException;

    /** After the last byte: what is known of the file now, by name ("sha256") as lower-case hex. The same on every call. */
    Map<String, String> digests();

    /**
     * After {@link #digests}: makes the sidecars, each finished and left open; the caller commits or closes them.
     *
     * @param files the folder that the file lies in; {@link FileSet#name} will be the file's final name, and opening that
     *              name gives the finished file, for what needs a second look at it (recovery data)
     */
    void seal(FileSet files) throws IOException;
}
