package imprint.api;

import java.io.IOException;

/** The target cannot hold what has to be written (exit status 8): known before the first byte, or met on the way. */
public final class NoSpaceException extends IOException {

    private static final long serialVersionUID = 1L;

    public NoSpaceException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
