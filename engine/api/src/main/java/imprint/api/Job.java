package imprint.api;

import java.util.concurrent.ExecutorService;

/** What a piece of work may use, and whom it tells. Given by the engine; safe for several threads. */
public interface Job {

    /**
     * Platform threads for work that keeps a core busy, {@link #threads} of them; never shut down by a plugin. A task never
     * waits for another one, nor reads a volume, which may wait for one: with a single thread it would wait for itself.
     */
    ExecutorService workers();

    /** How many cores the job may keep busy, at least 1. */
    int threads();

    /** Bytes of buffers and windows that the job may hold at once. Codecs stay within half of it. */
    long memory();

    /** The folder around the image that is opened or made. */
    FileSet beside();

    /** Tells whoever watches. Returns at once. */
    void event(Event what);

    /** True once the job is to end. Loops that may take longer than a second ask. */
    boolean cancelled();
}
