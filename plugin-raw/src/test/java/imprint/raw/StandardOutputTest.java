package imprint.raw;

import imprint.api.Sink;
import imprint.testing.SinkContract;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class StandardOutputTest extends SinkContract {

    @TempDir
    Path folder;

    private FileOutputStream output;

    @BeforeEach
    void redirect() throws IOException {
        output = new FileOutputStream(folder.resolve("out.img").toFile());
    }

    @AfterEach
    void end() throws IOException {
        output.close();
    }

    @Override
    protected Sink sink() {
        try {
            return new StandardOutput(output.getFD(), folder.resolve("out.img"), new Inspection(Path.of("/sys"), Path.of("/proc")));
        } catch (IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
    }

    @Override
    protected URI place() throws IOException {
        output.getChannel().truncate(0);
        return URI.create("stdio:-");
    }

    @Override
    protected Optional<byte[]> standing(URI place) throws IOException {
        return Optional.of(Files.readAllBytes(folder.resolve("out.img")));
    }

    @Override
    protected Set<Trait> lacks() {
        return Set.of(Trait.APPEARS_AT_COMMIT, Trait.NAMES_THE_PARTIAL, Trait.READS_BACK, Trait.PATCHES, Trait.BOUNDED);
    }
}
