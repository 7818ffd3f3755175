package imprint.api;

import java.io.IOException;

/** The job was cancelled; nothing bears its final name. */
public final class CancelledException extends IOException {

    private static final long serialVersionUID = 1L;

    public CancelledException() {
        super("cancelled");
    }
}
