package imprint.engine;

import imprint.api.CancelledException;
import imprint.api.Event;
import imprint.api.Job;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Threads that work on one thing together. The first failure ends them all; so does cancelling, within a second, even
 * when one of them sits in a call that never returns: it is left behind, and nothing waits for it.
 */
final class Stages {

    /** A step of a stage's thread; ends by returning. */
    interface Step {
        void run() throws IOException, InterruptedException;
    }

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final long LEAVE_MILLIS = 500;

    private final Job job;
    private final String phase;
    private final long total;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, AtomicLong> busy = new LinkedHashMap<>();
    private final Map<String, Integer> width = new LinkedHashMap<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean ended;

    final AtomicLong done = new AtomicLong();
    final AtomicLong errors = new AtomicLong();

    /** @param total bytes that {@link #done} will come to; -1 where it is not known */
    Stages(Job job, String phase, long total) {
        this.job = job;
        this.phase = phase;
        this.total = total;
    }

    /** One more thread. The nanoseconds it spends working, by {@link #worked}, are counted under {@code stage}. */
    void add(String stage, Step step) {
        busy.computeIfAbsent(stage, name -> new AtomicLong());
        width.merge(stage, 1, Integer::sum);
        var thread = Thread.ofPlatform().daemon().name("imprint " + stage + " " + threads.size()).unstarted(() -> {
            try {
                step.run();
            } catch (Throwable e) {
                fail(e);
            }
        });
        threads.add(thread);
    }

    void worked(String stage, long sinceNanos) {
        busy.get(stage).addAndGet(System.nanoTime() - sinceNanos);
    }

    /** True when the others have to stop as well. */
    boolean ended() {
        return ended;
    }

    /** Runs all threads to their end. @throws CancelledException the job was cancelled */
    void run() throws IOException {
        threads.forEach(Thread::start);
        boolean cancelled = false;
        try {
            for (var thread : threads) {
                while (!ended && !thread.join(LOOK)) {
                    tell();
                    if (job.cancelled()) {
                        cancelled = true;
                        ended = true;
                    }
                }
            }
        } catch (InterruptedException e) {
            cancelled = true;
        }
        if (ended || cancelled) {
            ended = true;
            leave();
        }
        if (failure.get() != null && !cancelled) {
            switch (failure.get()) {
                case IOException e -> throw e;
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IOException(e);
            }
        }
        if (cancelled || job.cancelled()) {
            throw new CancelledException();
        }
        tell();
    }

    /** The stage that was busy for longest: the others waited for it. */
    String slowest() {
        String slowest = "";
        long most = 0;
        for (var entry : busy.entrySet()) {
            long each = entry.getValue().get() / width.get(entry.getKey());
            if (each > most) {
                most = each;
                slowest = entry.getKey();
            }
        }
        return slowest;
    }

    private void fail(Throwable e) {
        if (failure.compareAndSet(null, e)) {
            ended = true;
        }
    }

    private void tell() {
        job.event(new Event.Progress(phase, done.get(), total, errors.get(), slowest()));
    }

    /** Interrupts everybody and waits a little. Interrupting closes channels, which can hang as the reads on them do. */
    private void leave() {
        Thread.ofPlatform().daemon().name("imprint interrupt").start(() -> threads.forEach(Thread::interrupt));
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LEAVE_MILLIS);
        boolean interrupted = Thread.interrupted();
        for (var thread : threads) {
            try {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime())));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes what a thread that was left behind may still hold: waits a little, then goes on without. */
    static void close(Closeable resource) throws IOException {
        var failure = new AtomicReference<IOException>();
        var closer = Thread.ofPlatform().daemon().name("imprint close").start(() -> {
            try {
                resource.close();
            } catch (IOException e) {
                failure.set(e);
            }
        });
        try {
            closer.join(LEAVE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }
}
