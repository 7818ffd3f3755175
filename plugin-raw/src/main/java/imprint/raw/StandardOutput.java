package imprint.raw;

import imprint.api.Job;
import imprint.api.Place;
import imprint.api.Sink;
import imprint.api.VolumeWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * {@code stdio:-} to write to, always a pipe. It is the process's own descriptor: what a shell has put in place of
 * {@code System.out} does not matter.
 */
@Component
public final class StandardOutput implements Sink {

    private static final String NAME = "standard output";

    private final FileDescriptor descriptor;
    private final Path self;
    private final Inspection inspection;

    /** That of the process. */
    @Activate
    public StandardOutput() {
        this(FileDescriptor.out, Path.of("/proc/self/fd/1"), new Inspection(Path.of("/sys"), Path.of("/proc")));
    }

    /** @param self a name of the descriptor in the file system */
    StandardOutput(FileDescriptor descriptor, Path self, Inspection inspection) {
        this.descriptor = descriptor;
        this.self = self;
        this.inspection = inspection;
    }

    @Override
    public boolean handles(URI place) {
        return "stdio".equalsIgnoreCase(place.getScheme());
    }

    @Override
    public Place inspect(URI place) throws IOException {
        return inspection.inspectStream(place, self, NAME);
    }

    @Override
    public VolumeWriter create(URI place, long atMost, Job job) {
        var channel = new FileOutputStream(descriptor).getChannel();
        return new PipeWriter(NAME, channel, () -> { });      // the descriptor is the process's, not ours to close
    }
}
