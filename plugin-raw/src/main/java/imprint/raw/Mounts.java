package imprint.raw;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What is mounted and used as swap, as the kernel lists it. */
record Mounts(List<Mount> mounts, List<Path> swaps) {

    /**
     * One line of mountinfo.
     *
     * @param number  of the device, "8:1"; major 0 where the file system has none of its own
     * @param source  a device, a file, or a word of the file system's own
     * @param options of the file system
     */
    record Mount(String number, Path point, String type, String source, List<String> options) {

        /** Whether {@link #number} is that of a block device. */
        boolean hasDevice() {
            return !number.startsWith("0:");
        }
    }

    static Mounts read(Path proc) throws IOException {
        var mounts = new ArrayList<Mount>();
        for (var line : lines(proc.resolve("self/mountinfo"))) {
            // 36 35 98:0 /root /point rw,noatime master:1 - ext3 /dev/root rw,errors=continue
            var fields = line.split(" ");
            int dash = List.of(fields).indexOf("-");
            if (dash >= 6 && fields.length >= dash + 3) {
                mounts.add(new Mount(fields[2], Path.of(plain(fields[4])), fields[dash + 1], plain(fields[dash + 2]),
                        fields.length > dash + 3 ? List.of(fields[dash + 3].split(",")) : List.of()));
            }
        }
        var swaps = new ArrayList<Path>();
        for (var line : lines(proc.resolve("swaps"))) {
            if (line.startsWith("/")) {
                swaps.add(Path.of(plain(line.split("\\s")[0])));
            }
        }
        return new Mounts(List.copyOf(mounts), List.copyOf(swaps));
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), nativeCharset()).lines().toList();
        } catch (NoSuchFileException absent) {
            return List.of();       // a kernel without swap has no list of it
        }
    }

    /** Names are read as the JDK reads paths. */
    private static java.nio.charset.Charset nativeCharset() {
        return java.nio.charset.Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"), StandardCharsets.UTF_8);
    }

    /** Blanks and backslashes are written as three octal digits. */
    static String plain(String escaped) {
        var text = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            char letter = escaped.charAt(i);
            if (letter == '\\' && escaped.substring(i).matches("(?s)\\\\[0-3][0-7]{2}.*")) {
                text.append((char) Integer.parseInt(escaped.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                text.append(letter);
            }
        }
        return text.toString();
    }

    /** The mount that a path lies in; of two at one place the later covers the earlier. */
    Optional<Mount> of(Path real) {
        return mounts.stream().filter(mount -> real.startsWith(mount.point()))
                .reduce((one, other) -> other.point().getNameCount() >= one.point().getNameCount() ? other : one);
    }

    /** The mount of a device number. */
    Optional<Mount> ofNumber(String number) {
        return mounts.stream().filter(mount -> mount.number().equals(number)).max(Comparator.comparing(mount -> 0));
    }
}
