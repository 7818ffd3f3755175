package imprint.raw;

import imprint.api.Job;
import imprint.api.Place;
import imprint.api.Source;
import imprint.api.Volume;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * {@code stdio:-} to read from. A file that the shell redirected here is a file, read in any order; all else is a pipe. It
 * is the process's own descriptor: what a shell has put in place of {@code System.in} does not matter.
 */
@Component
public final class StandardInput implements Source {

    private static final String NAME = "standard input";

    private final FileDescriptor descriptor;
    private final Path self;
    private final Inspection inspection;

    /** That of the process. */
    @Activate
    public StandardInput() {
        this(FileDescriptor.in, Path.of("/proc/self/fd/0"), new Inspection(Path.of("/sys"), Path.of("/proc")));
    }

    /** @param self a name of the descriptor in the file system */
    StandardInput(FileDescriptor descriptor, Path self, Inspection inspection) {
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
    public Volume open(URI place, Job job) throws IOException {
        var channel = new FileInputStream(descriptor).getChannel();
        if (Files.isRegularFile(self) && Files.isReadable(self) && channel.position() == 0) {
            return FileVolume.open(self, NAME);
        }
        return new PipeVolume(NAME, channel, () -> { });      // the descriptor is the process's, not ours to close
    }
}
