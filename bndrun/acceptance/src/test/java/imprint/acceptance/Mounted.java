package imprint.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;

/** A mounted file system; closing unmounts it. Needs root. */
record Mounted(Path folder) implements AutoCloseable {

    static Mounted at(Path folder, Path device) throws Exception {
        Files.createDirectories(folder);
        Tools.run("mount", device, folder);
        return new Mounted(folder);
    }

    /** From here on the file system itself writes nothing to its device, so that nobody else's writing hides behind it. */
    void makeReadOnly() throws Exception {
        Tools.run("mount", "-o", "remount,ro", folder);
    }

    @Override public void close() throws Exception {
        Tools.run("umount", folder);
    }
}
