package imprint.raw;

import imprint.api.Job;
import imprint.api.NoSpaceException;
import imprint.api.Place;
import imprint.api.RefusedException;
import imprint.api.Sink;
import imprint.api.Source;
import imprint.api.Volume;
import imprint.api.VolumeWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** {@code file:} places: regular files, block devices and named pipes, told apart by what stands there. */
@Component
public final class FilePlaces implements Source, Sink {

    private final Inspection inspection;
    private final Map<String, String> environment;

    /** On the running system. */
    @Activate
    public FilePlaces() {
        this(Path.of("/sys"), Path.of("/proc"), System.getenv());
    }

    FilePlaces(Path sys, Path proc, Map<String, String> environment) {
        this.inspection = new Inspection(sys, proc);
        this.environment = environment;
    }

    @Override
    public boolean handles(URI place) {
        return "file".equalsIgnoreCase(place.getScheme()) && !place.isOpaque()
                && (place.getRawAuthority() == null || place.getRawAuthority().isEmpty());
    }

    @Override
    public Place inspect(URI place) throws IOException {
        var path = Path.of(place);
        return inspection.inspect(place, path, path.toString());
    }

    @Override
    public List<Place> places() throws IOException {
        return inspection.places();
    }

    @Override
    public Volume open(URI place, Job job) throws IOException {
        var path = Path.of(place);
        try {
            return switch (Inspection.kind(path)) {
                case ABSENT -> throw new NoSuchFileException(path.toString(), null, "nothing is there");
                case FOLDER -> throw isFolder(path);
                case FILE -> FileVolume.open(path, path.getFileName().toString());
                case DEVICE -> DeviceVolume.open(path, inspection.sectorSize(path));
                case STREAM -> {
                    var pipe = FileChannel.open(path, StandardOpenOption.READ);
                    yield new PipeVolume(path.toString(), pipe, pipe);
                }
            };
        } catch (AccessDeniedException denied) {
            throw new AccessDeniedException(path.toString(), null, "this user may not read it");
        }
    }

    @Override
    public VolumeWriter create(URI place, long atMost, Job job) throws IOException {
        var path = Path.of(place);
        try {
            return switch (Inspection.kind(path)) {
                case FOLDER -> throw isFolder(path);
                case DEVICE -> device(path, atMost, job);
                case STREAM -> {
                    var pipe = FileChannel.open(path, StandardOpenOption.WRITE);
                    yield new PipeWriter(path.toString(), pipe, pipe);
                }
                case FILE, ABSENT -> file(place, path, atMost);
            };
        } catch (AccessDeniedException denied) {
            throw new AccessDeniedException(path.toString(), null, "this user may not write there");
        }
    }

    private static FileSystemException isFolder(Path path) {
        return new FileSystemException(path.toString(), null, "it is a folder, not an image");
    }

    private VolumeWriter file(URI place, Path path, long atMost) throws IOException {
        var found = inspect(place);
        if (atMost > found.largestFile()) {
            throw new NoSpaceException(path + ": a file may have " + found.largestFile() + " bytes on that file system, and "
                    + atMost + " are to come; choose another file system.", null);
        }
        return PartialFile.begin(path, found.largestFile(), environment);      // room is not asked: runs left out take none
    }

    private VolumeWriter device(Path path, long atMost, Job job) throws IOException {
        if (!Kernel.AVAILABLE) {
            throw new RefusedException("", path + " cannot be claimed, so it might be in use: "
                    + "start Java with --enable-native-access=ALL-UNNAMED.");
        }
        if (inspection.isWriteProtected(path)) {       // the kernel lets it be opened and refuses each write
            throw new RefusedException("", path + " is write-protected, so it is not overwritten; "
                    + "take the protection off, or choose another device.");
        }
        var claim = claim(path);
        try {
            var writer = new DeviceWriter(path, claim, inspection.sectorSize(path), inspection.isWholeDisk(path), job::cancelled);
            if (atMost > writer.capacity()) {
                writer.close();
                throw new NoSpaceException(path + ": has " + writer.capacity() + " bytes, and " + atMost
                        + " are to come; a larger one is needed.", null);
            }
            return writer;
        } catch (IOException failure) {
            claim.close();
            throw failure;
        }
    }

    /** The kernel lets one program at a time claim a device, and none while it is mounted or part of something. */
    private Kernel.Descriptor claim(Path path) throws IOException {
        try {
            return Kernel.Descriptor.open(path, Kernel.O_RDWR | Kernel.O_EXCL);
        } catch (Kernel.Failure failure) {
            var uses = inspection.uses(path);
            if (failure.errno() == Kernel.EBUSY && uses.isEmpty()) {
                throw new RefusedException("", path + " is in use by another program; end that first.");
            }
            if (!uses.isEmpty()) {
                throw new RefusedException("", path + " is " + String.join(", ", uses) + ", so it is not overwritten; "
                        + "release it first.");
            }
            if (failure.errno() == Kernel.EACCES || failure.errno() == Kernel.EROFS) {
                throw new AccessDeniedException(path.toString());
            }
            throw new FileSystemException(path.toString(), null, failure.getMessage());
        }
    }
}
