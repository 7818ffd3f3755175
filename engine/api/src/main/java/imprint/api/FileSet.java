package imprint.api;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The folder around an image, and nothing outside of it. Names are single path elements; another one is refused with
 * {@link IllegalArgumentException}.
 */
public interface FileSet {

    /** The file that the job is about. */
    String name();

    /** All files there, sorted. Empty where the image has no folder (a stream). */
    List<String> names() throws IOException;

    /** Opens one for reading, as its bytes are. */
    Volume open(String name) throws IOException;

    /** Begins one, replacing what bore the name at its commit. */
    VolumeWriter create(String name) throws IOException;

    /** The digest of a file as it is stored, when this job has proven it already: lower-case hex. */
    default Optional<String> proven(String name, String digest) {
        return Optional.empty();
    }
}
