package imprint.raw;

import imprint.api.Source;
import imprint.testing.SourceContract;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class DeviceSourceTest extends SourceContract {

    @TempDir
    Path folder;

    private final Map<Path, Path> backings = new LinkedHashMap<>();

    @Override
    protected Source source() {
        return new FilePlaces();
    }

    @Override
    protected URI place(byte[] content) throws Exception {
        var file = Files.write(folder.resolve("disk" + backings.size() + ".img"), content);
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
    protected URI absent() {
        return folder.resolve("none").toUri();
    }

    @Override
    protected byte[] stored(URI place) throws Exception {
        return Files.readAllBytes(backings.get(Path.of(place)));
    }

    @Override
    protected int unit() {
        return 512;
    }
}
