package imprint.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A loop device that says of itself what a disk says: model and serial number. In a mount namespace of its own the program
 * finds another folder in sysfs where the device's stands. Needs root.
 */
record Labelled(LoopDevice device, Path folder, Path real) {

    /** @param folder to be made; the stand-in for the device's in sysfs */
    Labelled(LoopDevice device, Path folder, String model, String serial) throws Exception {
        this(device, folder, Path.of("/sys/class/block", device.device().getFileName().toString()).toRealPath());
        for (String attribute : List.of("dev", "size", "ro", "queue/logical_block_size", "loop/backing_file", "loop/offset",
                "loop/sizelimit")) {
            Path copy = folder.resolve(attribute);
            Files.createDirectories(copy.getParent());
            Files.writeString(copy, Files.readString(real.resolve(attribute)));
        }
        Files.createDirectory(folder.resolve("device"));
        Files.writeString(folder.resolve("device/model"), model + "\n");
        Files.writeString(folder.resolve("device/serial"), serial + "\n");
    }

    /** The program, seeing it. */
    ProcessBuilder imprint(Object... arguments) {
        var words = new ArrayList<Object>(List.of("unshare", "--mount", "bash", "-c",
                "mount --bind \"$1\" \"$2\" && shift 2 && exec \"$imprint\" \"$@\"", "bash", folder, real));
        words.addAll(List.of(arguments));
        return Tools.command(words.toArray());
    }
}
