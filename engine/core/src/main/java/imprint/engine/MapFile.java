package imprint.engine;

import imprint.api.Extent;
import imprint.api.Extent.Kind;
import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.Volumes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The runs of a content that could not be read, as a ddrescue map file: positions are content offsets, '+' is sound, '-' is
 * bad. Layout: docs/formats/ddrescue-map.md.
 */
final class MapFile {

    private static final int LARGEST = 64 << 20;

    private MapFile() {}

    static String write(List<Extent> bad, long size) {
        var text = new StringBuilder("# Mapfile. Created by Imprint\n# current_pos  current_status  current_pass\n"
                + "0x00000000     +               1\n#      pos        size  status\n");
        long at = 0;
        for (var run : bad) {
            line(text, at, run.offset() - at, '+');
            line(text, run.offset(), run.length(), '-');
            at = run.end();
        }
        line(text, at, size - at, '+');
        return text.toString();
    }

    private static void line(StringBuilder text, long position, long length, char status) {
        if (length > 0) {
            text.append(String.format(Locale.ROOT, "0x%08X  0x%08X  %c%n", position, length, status));
        }
    }

    /** Every run that is not finished. @throws VolumeException.Corrupt a line is none of a map file */
    static List<Extent> read(Volume map) throws IOException {
        long size = map.size();
        if (size < 0 || size > LARGEST) {
            throw new VolumeException.Unsupported(map, -1, "a map file of " + size + " bytes is larger than " + LARGEST);
        }
        var bytes = Volumes.read(map, 0, (int) size);
        var bad = new ArrayList<Extent>();
        boolean status = false;
        int number = 0;
        for (var line : StandardCharsets.US_ASCII.decode(bytes).toString().split("\r?\n")) {
            number++;
            int comment = line.indexOf('#');
            var fields = (comment < 0 ? line : line.substring(0, comment)).strip().split("\\s+");
            if (fields[0].isEmpty()) {
                continue;
            }
            if (!status) {
                status = true;
                continue;
            }
            try {
                if (fields.length != 3 || fields[2].length() != 1 || "?*/-+".indexOf(fields[2].charAt(0)) < 0) {
                    throw new NumberFormatException(line);
                }
                if (!fields[2].equals("+")) {
                    bad.add(new Extent(Long.decode(fields[0]), Long.decode(fields[1]), Kind.BAD));
                }
            } catch (IllegalArgumentException e) {
                throw new VolumeException.Corrupt(map, -1,
                        0, "line " + number + " is not \"position size status\" of a map file", e);
            }
        }
        return bad;
    }
}
