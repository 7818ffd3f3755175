package imprint.hash;

import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.Volumes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A list of digests as sha256sum and its kin write it: {@code HEX  NAME} for text, {@code HEX *NAME} for binary, or
 * {@code SHA256 (NAME) = HEX}. A line that begins with a backslash has its name's backslashes, line feeds and carriage
 * returns written as two letters. Blank lines, and those that begin with # or ;, say nothing.
 *
 * @param file    its name
 * @param entries what it says of one file, in its order, each once
 */
record SumsFile(String file, List<Entry> entries) {

    /** A list longer than this is none of ours, nor of anybody who lists the files of one folder. */
    static final int LONGEST = 4 << 20;

    /** Different digests for one file: more than this many tell nothing new. */
    private static final int MOST_ENTRIES = 64;

    private static final Pattern TAGGED = Pattern.compile("([A-Z0-9-]{3,8}) ?\\((.*)\\) ?= ?([0-9A-Fa-f]{8,128})");
    private static final Pattern PLAIN = Pattern.compile("([0-9A-Fa-f]{8,128}) [ *](.+)", Pattern.DOTALL);

    /** @param hex lower case */
    record Entry(Algorithm algorithm, String hex, String name) {}

    /** One line, as the stock tools write and check it. */
    static String line(String hex, String name) {
        boolean odd = name.indexOf('\\') >= 0 || name.indexOf('\n') >= 0 || name.indexOf('\r') >= 0;
        return (odd ? "\\" : "") + hex + "  " + name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r") + "\n";
    }

    /**
     * Reads what a list says of one file.
     *
     * @param algorithm of its plain lines; tagged lines name their own
     * @param name      of the file that is asked about
     * @param own       whether the list is about that file alone, so that a digest may stand there without a name
     * @throws VolumeException.Unsupported it is longer than {@link #LONGEST}
     */
    static SumsFile read(Volume volume, String file, Algorithm algorithm, String name, boolean own) throws IOException {
        if (volume.size() > LONGEST) {
            throw new VolumeException.Unsupported(volume, -1, "has " + volume.size() + " bytes, and a list of digests is read up to "
                    + LONGEST + " bytes; make it shorter, or move it away");
        }
        var bytes = ByteBuffer.allocate((int) volume.size());
        Volumes.readFully(volume, 0, bytes);
        var text = new String(bytes.array(), StandardCharsets.UTF_8);
        var only = own ? Optional.of(name) : Optional.<String>empty();
        var entries = new LinkedHashSet<Entry>();
        for (int start = 0; start < text.length() && entries.size() < MOST_ENTRIES;) {
            int end = text.indexOf('\n', start);
            var line = text.substring(start, end < 0 ? text.length() : end);
            entry(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line, algorithm, only)
                    .filter(entry -> entry.name().equals(name)).ifPresent(entries::add);
            start += line.length() + 1;
        }
        return new SumsFile(file, List.copyOf(entries));
    }

    private static Optional<Entry> entry(String whole, Algorithm algorithm, Optional<String> only) {
        boolean escaped = whole.startsWith("\\");
        var line = escaped ? whole.substring(1) : whole;
        if (line.isBlank() || line.startsWith("#") || line.startsWith(";")) {
            return Optional.empty();
        }
        var tagged = TAGGED.matcher(line);
        if (tagged.matches()) {
            return tag(tagged.group(1)).flatMap(own -> entry(own, tagged.group(3), tagged.group(2), escaped));
        }
        var plain = PLAIN.matcher(line);
        if (plain.matches()) {
            return entry(algorithm, plain.group(1), plain.group(2), escaped);
        }
        return only.flatMap(name -> entry(algorithm, line.strip(), name, false));
    }

    private static Optional<Algorithm> tag(String tag) {
        for (var algorithm : Algorithm.values()) {
            if (tag.replace("-", "").equals(algorithm.name())) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    private static Optional<Entry> entry(Algorithm algorithm, String hex, String written, boolean escaped) {
        if (hex.length() != algorithm.digits() || !hex.matches("[0-9A-Fa-f]+")) {
            return Optional.empty();
        }
        var name = escaped ? plain(written) : Optional.of(written);
        return name.map(each -> new Entry(algorithm, hex.toLowerCase(Locale.ROOT),
                each.startsWith("./") ? each.substring(2) : each));
    }

    /** Empty where a backslash stands before any other letter. */
    private static Optional<String> plain(String escaped) {
        var name = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            char letter = escaped.charAt(i);
            if (letter != '\\') {
                name.append(letter);
                continue;
            }
            char next = ++i < escaped.length() ? escaped.charAt(i) : ' ';
            switch (next) {
                case '\\' -> name.append('\\');
                case 'n' -> name.append('\n');
                case 'r' -> name.append('\r');
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(name.toString());
    }
}
