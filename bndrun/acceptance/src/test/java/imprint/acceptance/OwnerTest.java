package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import imprint.acceptance.Tools.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Under sudo, what is written belongs to whoever typed the command. Needs root. */
class OwnerTest {
    private static final String PERSON = "12345:23456";
    private static final Map<String, String> SUDO = Map.of("SUDO_UID", "12345", "SUDO_GID", "23456", "SUDO_USER", "person");

    @TempDir Path folder;

    @Test void everyFileThatIsMadeBelongsToThePersonBehindSudo() throws Exception {
        Path source = DiskImage.noise(folder.resolve("source"), 100_000);

        complete(Checkout.imprint(SUDO, "backup", source, folder.resolve("x.zst"), "--digest", "sha256,md5"));
        complete(Checkout.imprint(SUDO, "restore", folder.resolve("x.zst"), folder.resolve("restored")));

        for (String name : List.of("x.zst", "x.zst.sha256", "x.zst.md5", "x.zst.imprint.json", "restored")) {
            assertEquals(name + " " + PERSON, name + " " + owner(name));
        }
        assertEquals("0:0", owner("source"));
    }

    @Test void aFileThatIsReplacedBelongsToThePersonToo() throws Exception {
        Path source = DiskImage.noise(folder.resolve("source"), 100_000);
        Files.writeString(folder.resolve("x.zst"), "old");

        complete(Checkout.imprint(SUDO, "backup", source, folder.resolve("x.zst"), "--overwrite"));

        assertEquals(PERSON, owner("x.zst"));
    }

    @Test void rootAloneKeepsWhatItMakes() throws Exception {
        Path source = DiskImage.noise(folder.resolve("source"), 100_000);

        complete(Checkout.imprint(Map.of("SUDO_UID", "", "SUDO_GID", ""), "backup", source, folder.resolve("x.zst")));
        complete(Checkout.imprint(Map.of("SUDO_UID", "root;", "SUDO_GID", "-1"), "backup", source, folder.resolve("y.zst")));

        assertEquals("0:0 0:0", owner("x.zst") + " " + owner("y.zst"));
    }

    private String owner(String name) throws Exception {
        return Tools.run("stat", "--format=%u:%g", folder.resolve(name));
    }

    private static void complete(Outcome run) {
        assertEquals(0, run.status(), run.err());
    }
}
