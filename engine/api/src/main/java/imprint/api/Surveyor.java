package imprint.api;

import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Knows a partition table or a file system. A service. When two say yes to one volume it is copied whole and both are named.
 */
@ConsumerType
public interface Surveyor {

    /** What lies on the volume; empty where it is not of our kind. An unknown feature is a fact, never a guess. */
    Optional<Survey> survey(Volume volume, Job job) throws IOException;
}
