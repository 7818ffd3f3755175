package imprint.api;

import java.io.IOException;

/** Refused for safety, with nothing written (exit status 6). */
public final class RefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String waiver;

    /**
     * @param waiver   the name that {@code --allow} takes to waive this very check; empty where nothing waives it
     * @param sentence what was refused, why, and what to do
     */
    public RefusedException(String waiver, String sentence) {
        super(sentence);
        this.waiver = waiver;
    }

    /** The name that {@code --allow} takes; empty where nothing waives the check. */
    public String waiver() {
        return waiver;
    }
}
