package imprint.shell;

import imprint.api.Event;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Decides when progress is shown, and looks after a job that has gone silent. Holds the face's lock while it shows. */
final class Watch implements AutoCloseable {
    private static final long NANOS = 1_000_000_000L;

    /** Whoever shows it. */
    interface Face {
        void show(ProgressText progress);

        void stalled(String sentence);
    }

    private final Face face;
    private final LongSupplier nanos;
    private final long period;
    private final ProgressText text = new ProgressText();
    private ScheduledExecutorService ticker;
    private long shownAt;
    private boolean closed;

    /**
     * @param nanos        the clock
     * @param periodMillis between two looks at most
     */
    Watch(Face face, LongSupplier nanos, long periodMillis) {
        this.face = face;
        this.nanos = nanos;
        this.period = periodMillis * (NANOS / 1000);
    }

    void accept(Event.Progress progress) {
        synchronized (face) {
            if (closed) {
                return;
            }
            long now = nanos.getAsLong();
            boolean first = text.last().isEmpty();
            boolean turn = first || !text.last().get().phase().equals(progress.phase());
            text.accept(progress, now);
            // A new phase is named soon, but many short ones are not rattled off.
            if (first || now - shownAt >= (turn ? Math.min(period, NANOS) : period)) {
                show(now);
            }
            if (first) {
                ticker = Executors.newSingleThreadScheduledExecutor(
                        task -> Thread.ofPlatform().daemon().name("imprint-progress").unstarted(task));
                ticker.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
            }
        }
    }

    /** Once a second, also by tests. */
    void tick() {
        synchronized (face) {
            if (closed) {
                return;
            }
            long now = nanos.getAsLong();
            text.stall(now).ifPresent(face::stalled);
            if (now - shownAt >= period) {
                show(now);
            }
        }
    }

    /** What is known so far. */
    ProgressText text() {
        return text;
    }

    private void show(long now) {
        shownAt = now;
        face.show(text);
    }

    @Override public void close() {
        synchronized (face) {
            closed = true;
            if (ticker != null) {
                ticker.shutdownNow();
            }
        }
    }
}
