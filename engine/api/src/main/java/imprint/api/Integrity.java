package imprint.api;

import java.io.IOException;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Evidence kept beside a stored file: digests, recovery data. A service with the properties {@link #NAMES} and, as a
 * format has them, abilities.
 */
@ConsumerType
public interface Integrity {

    /** Service property, String+: the names that {@code --digest} takes for it, such as "sha256". */
    String NAMES = "imprint.names";

    /**
     * Begins to watch one stored file, or one volume's content, as it is written.
     *
     * @param name    one of {@link #NAMES}
     * @param options by name; what is missing has a default
     * @throws IllegalArgumentException an option does not fit
     */
    Tap tap(String name, Map<String, String> options, Job job);

    /**
     * Checks {@link FileSet#name} of {@code files} by every sidecar of our kind that covers it; where that is a sidecar
     * itself, all that it covers.
     *
     * @return {@link Report.State#UNKNOWN} where no sidecar of our kind covers it
     */
    Report verify(FileSet files, Job job) throws IOException;

    /** Mends what can be mended, and commits it once it is proven; never leaves anything worse. */
    default Report repair(FileSet files, Job job) throws IOException {
        return Report.unknown();
    }
}
