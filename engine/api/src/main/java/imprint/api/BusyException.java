package imprint.api;

import java.io.IOException;

/** Another Imprint is writing this file, or reading the one to be replaced (exit status 9). */
public final class BusyException extends IOException {

    private static final long serialVersionUID = 1L;

    public BusyException(String sentence) {
        super(sentence);
    }
}
