package imprint.raw;

import imprint.api.Sink;
import imprint.testing.SinkContract;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

class FileSinkTest extends SinkContract {

    @TempDir
    Path folder;

    private int count;

    @Override
    protected Sink sink() {
        return new FilePlaces();
    }

    @Override
    protected URI place() {
        return folder.resolve("disk" + count++ + ".img").toUri();
    }

    @Override
    protected Optional<byte[]> standing(URI place) throws IOException {
        return bytes(Path.of(place));
    }

    @Override
    protected Optional<byte[]> partial(URI place) throws IOException {
        return bytes(Path.of(place).resolveSibling(Path.of(place).getFileName() + ".partial"));
    }

    private static Optional<byte[]> bytes(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    }

    /** Runs left out take no room, so that it cannot be asked beforehand: FilePlacesTest meets it on the way. */
    @Override
    protected Set<Trait> lacks() {
        return Set.of(Trait.BOUNDED);
    }
}
