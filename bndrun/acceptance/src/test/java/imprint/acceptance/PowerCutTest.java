package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk whose cache forgets at the moment the program says that it has succeeded. */
class PowerCutTest {

    private static final int MIBS = 32;

    @TempDir Path folder;

    @Test void whatWasToldToBeCompleteIsThereAfterThePowerCameBack() throws Exception {
        var source = Faults.image(folder.resolve("source"), Faults.SEED, MIBS, 3, 8);
        var disk = folder.resolve("disk");
        Tools.run("truncate", "-s", "128M", disk.toString());
        var mount = Files.createDirectory(folder.resolve("mount"));

        for (var name : List.of("x.img", "x.img.zst")) {
            cut(name, source, disk, mount);

            Tools.run("mount", "-o", "loop", disk.toString(), mount.toString());
            try {
                assertFalse(Files.exists(mount.resolve("after " + name)), "the power was not cut");
                var target = mount.resolve(name);
                var verify = Faults.run(List.of(Faults.imprint(), "verify", target.toString()));
                assertEquals(0, verify.status(), verify.err());
                for (var ending : List.of("", ".sha256", ".imprint.json")) {
                    assertEquals(true, Files.exists(mount.resolve(name + ending)), name + ending);
                }
                assertFalse(Files.exists(mount.resolve(name + ".partial")));
            } finally {
                Tools.run("umount", mount.toString());
            }
        }
    }

    private void cut(String name, Path source, Path disk, Path mount) throws Exception {
        try (var stand = new Nbdkit(folder.resolve("stand-" + name), "--filter=cache", "file", disk.toString(), "cache=writeback")) {
            var device = stand.device().toString();
            Tools.run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", device);
            Tools.run("mount", "-o", "commit=600", device, mount.toString());
            try {
                var backup = Faults.run(List.of(Faults.imprint(), "backup", source.toString(), mount.resolve(name).toString()));
                assertEquals(0, backup.status(), backup.err());
                Files.writeString(mount.resolve("after " + name), "nobody asked for this to be kept");

                stand.kill();
            } finally {
                stand.abort();
                Faults.run(List.of("umount", mount.toString()));
            }
        }
    }
}
