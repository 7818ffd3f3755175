package imprint.api;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Opens locations of some kind for reading. A service; the one with the highest ranking that handles a location is taken. */
@ConsumerType
public interface Source {

    /** Whether this location is of our kind, judged by the URI alone. */
    boolean handles(URI place);

    /** What stands there. Reads as little as possible, never fails for something that is merely absent. */
    Place inspect(URI place) throws IOException;

    /**
     * Opens for reading only: nothing that is done with the volume can alter the location.
     *
     * @throws java.nio.file.NoSuchFileException nothing is there
     */
    Volume open(URI place, Job job) throws IOException;

    /** What is attached now and could be opened here: disks and partitions. */
    default List<Place> places() throws IOException {
        return List.of();
    }
}
