package imprint.hash;

import imprint.api.Integrity;
import imprint.testing.IntegrityContract;
import imprint.testing.MemoryFileSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;

class DigestsContractTest extends IntegrityContract {

    @TempDir
    Path root;

    @Override
    protected Integrity integrity() {
        return new Digests();
    }

    @Override
    protected List<String> names() {
        return List.of("sha256", "sha224", "sha384", "sha512", "sha1", "md5", "crc32");
    }

    @Override
    protected Set<Trait> lacks() {
        return Set.of(Trait.REPAIRS);
    }

    @Override
    protected boolean stockVerifies(MemoryFileSet files, String name) throws Exception {
        var folder = Files.createTempDirectory(root, "set");
        files.storeIn(folder);
        var check = name.equals("crc32")       // the coreutils do not check it, but gzip's trailer has it
                ? "gzip -c disk.img | tail -c 8 | head -c 4 | od -An -tx4 --endian=little | tr -d ' \\n' | grep -qf - disk.img.crc32"
                : name + "sum --status --strict --check disk.img." + name;
        var process = new ProcessBuilder("sh", "-c", check).directory(folder.toFile()).inheritIO().start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(check + " hangs");
        }
        return process.exitValue() == 0;
    }
}
