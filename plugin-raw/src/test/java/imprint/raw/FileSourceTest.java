package imprint.raw;

import imprint.api.Source;
import imprint.testing.SourceContract;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileSourceTest extends SourceContract {

    @TempDir
    Path folder;

    private int count;

    @Override
    protected Source source() {
        return new FilePlaces();
    }

    @Override
    protected URI place(byte[] content) throws Exception {
        return Files.write(folder.resolve("disk" + count++ + ".img"), content).toUri();
    }

    @Override
    protected URI absent() {
        return folder.resolve("none.img").toUri();
    }

    @Override
    protected byte[] stored(URI place) throws Exception {
        return Files.readAllBytes(Path.of(place));
    }
}
