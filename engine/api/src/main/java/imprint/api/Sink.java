package imprint.api;

import java.io.IOException;
import java.net.URI;
import org.osgi.annotation.versioning.ConsumerType;

/** Makes volumes at locations of some kind. A service; the one with the highest ranking that handles a location is taken. */
@ConsumerType
public interface Sink {

    /** Whether this location is of our kind, judged by the URI alone. */
    boolean handles(URI place);

    /** What stands there now, see {@link Source#inspect}. */
    Place inspect(URI place) throws IOException;

    /**
     * Begins a volume there. A file is written beside its final name, as {@code NAME.partial}, and takes that name at
     * commit; a device is opened exclusively. Nothing that stood there is touched before the first write.
     *
     * @param atMost upper bound of the bytes to come; -1 where it is not known
     * @throws BusyException    somebody else is writing there
     * @throws NoSpaceException no file or device there can have {@code atMost} bytes; free space is the engine's question
     */
    VolumeWriter create(URI place, long atMost, Job job) throws IOException;
}
