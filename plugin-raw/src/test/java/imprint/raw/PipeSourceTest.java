package imprint.raw;

import imprint.api.Source;
import imprint.testing.SourceContract;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class PipeSourceTest extends SourceContract {

    @TempDir
    Path folder;

    private final List<Process> feeders = new ArrayList<>();

    @Override
    protected Source source() {
        return new FilePlaces();
    }

    @Override
    protected URI place(byte[] content) throws Exception {
        var pipe = folder.resolve("pipe" + feeders.size());
        Commands.run("mkfifo", pipe.toString());
        var file = Files.write(folder.resolve("content" + feeders.size()), content);
        feeders.add(new ProcessBuilder("sh", "-c", "exec cat \"$1\" > \"$2\"", "sh", file.toString(), pipe.toString()).start());
        return pipe.toUri();
    }

    @AfterEach
    void endFeeders() throws Exception {
        for (var feeder : feeders) {
            feeder.destroyForcibly().waitFor();
        }
    }

    @Override
    protected URI absent() {
        return folder.resolve("none").toUri();
    }

    @Override
    protected Set<Trait> lacks() {
        return Set.of(Trait.SEEKS, Trait.KNOWS_ITS_SIZE, Trait.CAN_BE_LOOKED_AT);
    }
}
