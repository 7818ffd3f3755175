package imprint.shell;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** From what a person types to a location: a path, {@code -}, {@code null:}, or a URI with {@code ://}. */
final class Locations {
    static final URI PIPE = URI.create("stdio:-");
    private static final URI NOWHERE = URI.create("null:-");

    private Locations() {}

    /** @throws IllegalArgumentException it can be no location */
    static URI of(String text) {
        if (text.equals("-") || text.equals("stdio:-")) {
            return PIPE;
        }
        if (text.equals("null:")) {
            return NOWHERE;
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException("an empty name is no place; give a path, - or a URI");
        }
        if (text.indexOf('\uFFFD') >= 0) {
            // The JVM has dropped the bytes already; going on would name another file.
            throw new IllegalArgumentException("the name " + text + " has bytes that this locale cannot carry; "
                    + "set LC_ALL=C.UTF-8 or use an ASCII name");
        }
        try {
            return text.matches("[A-Za-z][A-Za-z0-9+.-]*://.*") ? new URI(text) : Path.of(text).toAbsolutePath().toUri();
        } catch (InvalidPathException | URISyntaxException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no place: " + e.getMessage(), e);
        }
    }

    /** The last element of its name, where endings are looked for; empty for what has none. */
    static String ending(URI place) {
        String path = place.getPath();
        return path == null ? "" : path.substring(path.lastIndexOf('/') + 1);
    }

    /** For people and logs: a path as such, and never a password. */
    static String words(URI place) {
        if ("file".equals(place.getScheme())) {
            return Path.of(place).toString();
        }
        if (place.equals(PIPE)) {
            return "-";
        }
        return withoutSecrets(place.toString());
    }

    /** "nbd://user:password@host" without what stands before the host. */
    static String withoutSecrets(String text) {
        return text.replaceAll("([A-Za-z][A-Za-z0-9+.-]*://)[^/@\\s]*@", "$1…@");
    }
}
