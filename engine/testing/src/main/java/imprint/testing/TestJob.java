package imprint.testing;

import imprint.api.Event;
import imprint.api.FileSet;
import imprint.api.Job;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A job with real threads that keeps what it was told. Closing it fails when work was left behind. */
public final class TestJob implements Job, AutoCloseable {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int THREADS = 3;
    private static final long PATIENCE_SECONDS = 5;

    private final ThreadPoolExecutor workers;
    private final FileSet beside;
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final AtomicBoolean cancelled = new AtomicBoolean();

    private TestJob(FileSet beside) {
        this.beside = beside;
        int number = COUNT.incrementAndGet();
        this.workers = new ThreadPoolExecutor(THREADS, THREADS, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                work -> Thread.ofPlatform().daemon().name("test-job-" + number).unstarted(work));
    }

    /** A job whose image has an empty folder. */
    public static TestJob alone() {
        return in(new MemoryFileSet("image"));
    }

    /** A job whose image lies in this folder. */
    public static TestJob in(FileSet beside) {
        return new TestJob(beside);
    }

    public void cancel() {
        cancelled.set(true);
    }

    /** What was told so far, in order. */
    public List<Event> events() {
        return List.copyOf(events);
    }

    @Override
    public ExecutorService workers() {
        return workers;
    }

    @Override
    public int threads() {
        return THREADS;
    }

    @Override
    public long memory() {
        return 64L << 20;
    }

    @Override
    public FileSet beside() {
        return beside;
    }

    @Override
    public void event(Event what) {
        events.add(what);
    }

    @Override
    public boolean cancelled() {
        return cancelled.get();
    }

    /** Ends the threads. @throws AssertionError a task still ran five seconds later */
    @Override
    public void close() {
        workers.shutdown();
        try {
            if (!workers.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                int left = workers.shutdownNow().size() + workers.getActiveCount();
                throw new AssertionError(left + " tasks were left behind on the job's workers");
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
