package imprint.raw;

import imprint.api.Sink;
import imprint.testing.SinkContract;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class DeviceSinkTest extends SinkContract {

    @TempDir
    Path folder;

    private final Map<Path, Path> backings = new LinkedHashMap<>();

    @Override
    protected Sink sink() {
        return new FilePlaces();
    }

    @Override
    protected URI place() throws Exception {
        return bounded((8 << 20) + 1);
    }

    @Override
    protected URI bounded(long bytes) throws Exception {
        var file = Commands.sparse(folder.resolve("disk" + backings.size() + ".img"), (bytes - 1) / 512 * 512);
        var device = Commands.Loop.over(file).device();
        backings.put(device, file);
        return device.toUri();
    }

    @AfterEach
    void detach() throws Exception {
        for (var device : backings.keySet()) {
            new Commands.Loop(device).close();
        }
    }

    @Override
    protected Optional<byte[]> standing(URI place) throws Exception {
        return Optional.of(Files.readAllBytes(backings.get(Path.of(place))));
    }

    @Override
    protected Set<Trait> lacks() {
        return Set.of(Trait.APPEARS_AT_COMMIT, Trait.NAMES_THE_PARTIAL, Trait.TAKES_ITS_LENGTH);
    }
}
