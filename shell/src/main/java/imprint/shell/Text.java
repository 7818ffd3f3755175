package imprint.shell;

/** Words for a terminal. */
final class Text {
    private Text() {}

    /** Without control characters: a label on a hostile disk must not drive the person's terminal. */
    static String clean(String words) {
        for (int i = 0; i < words.length(); i++) {
            if (isControl(words.charAt(i))) {
                var clean = new StringBuilder(words);
                for (int k = i; k < words.length(); k++) {
                    if (isControl(words.charAt(k))) {
                        clean.setCharAt(k, '\uFFFD');
                    }
                }
                return clean.toString();
            }
        }
        return words;
    }

    private static boolean isControl(char c) {
        // The line end is ours; the others turn text around or hide it.
        return c != '\n' && (Character.isISOControl(c) || c >= '\u202A' && c <= '\u202E' || c >= '\u2066' && c <= '\u2069');
    }
}
