package imprint.engine;

import imprint.api.Event;
import imprint.api.Extent;
import imprint.api.Extent.Kind;
import imprint.api.Intake;
import imprint.api.Job;
import imprint.api.Parallel;
import imprint.api.Stored;
import imprint.api.Tap;
import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.VolumeWriter;
import imprint.api.Volumes;
import imprint.engine.Windows.Window;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The loop that moves content: readers fill windows of a ring, in ascending order; the writer and each digest follow in
 * threads of their own. Memory is the ring. Runs of zeroes and unused runs are neither read nor written.
 */
final class Copy {

    /** Bytes of a window where the source does not prefer another size. */
    static final int WINDOW = 1 << 20;
    private static final int LARGEST_WINDOW = 8 << 20;
    private static final int RING_BYTES = 32 << 20;
    private static final int FEWEST_WINDOWS = 4;
    private static final int PAGE = 4096;
    /** Zeroes in content become a run of their own from this many bytes on. */
    private static final int ZERO_PIECE = 64 * 1024;
    private static final int SECTOR = 512;

    /** A window on its way. */
    private static final class Piece {
        final Window window;
        final CountDownLatch filled = new CountDownLatch(1);
        final AtomicInteger users;
        ByteBuffer buffer;
        List<Extent> runs;

        Piece(Window window, int users) {
            this.window = window;
            this.users = new AtomicInteger(users);
            this.runs = window == null ? List.of() : window.runs();
        }
    }

    private final String phase;
    private final Volume from;
    private final VolumeWriter to;
    private final Map<String, Tap> taps;
    private final Job job;
    private final boolean keepFingerprints;
    private final boolean allowBad;
    private final Stored verbatim;
    private final Intake intake;
    private final int grid;
    private final int readers;
    private final Semaphore ring;
    private final ConcurrentLinkedQueue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();
    private final List<BlockingQueue<Piece>> queues = new ArrayList<>();
    private final Fingerprints fingerprints = new Fingerprints();
    private final List<Extent> bad = new ArrayList<>();
    private final Object planning = new Object();
    private final long declared;
    private Windows windows;
    private long streamed;
    private boolean planned;
    private Stages stages;
    private volatile long size;

    /**
     * @param phase            what people are told is being done
     * @param taps             by digest name, fed with the content; unused and bad runs count as zeroes
     * @param keepFingerprints so that {@link #compare} can tell whether what is read back is what was written
     * @param allowBad         go on over what cannot be read
     */
    Copy(String phase, Volume from, VolumeWriter to, Map<String, Tap> taps, boolean keepFingerprints, boolean allowBad,
            Job job) throws IOException {
        this.phase = phase;
        this.from = from;
        this.to = to;
        this.taps = new LinkedHashMap<>(taps);
        this.keepFingerprints = keepFingerprints;
        this.allowBad = allowBad;
        this.job = job;
        this.declared = from.size();
        this.size = declared;
        boolean unseen = taps.isEmpty() && !keepFingerprints && declared >= 0;
        this.verbatim = unseen ? from.as(Stored.class).orElse(null) : null;
        this.intake = verbatim == null ? null : to.as(Intake.class).orElse(null);
        var parallel = declared < 0 || intake != null ? null : from.as(Parallel.class).orElse(null);
        long grain = parallel == null ? WINDOW : parallel.grain();
        this.grid = intake != null ? LARGEST_WINDOW : grain > WINDOW && grain <= LARGEST_WINDOW && grain % WINDOW == 0 ? (int) grain : WINDOW;
        this.readers = parallel == null ? 1 : Math.max(1, Math.min(parallel.readers(), job.threads()));
        long bytes = Math.min(RING_BYTES, job.memory() / 4);
        this.ring = new Semaphore((int) Math.max(Math.max(FEWEST_WINDOWS, 2 * readers), bytes / grid));
    }

    /** Moves all content. On return the writer has been given everything, but is not finished. */
    void run() throws IOException {
        long total = declared < 0 ? -1 : Windows.dataIn(from, declared);
        stages = new Stages(job, phase, total);
        windows = declared < 0 ? null : new Windows(from, declared, grid);
        for (int i = 0; i < readers; i++) {
            stages.add("reading", this::read);
        }
        follow("writing", this::write);
        taps.forEach((name, tap) -> follow(name, piece -> feed(tap, piece)));
        stages.run();
        bad.sort(Comparator.comparingLong(Extent::offset));
    }

    /** Bytes of content; after {@link #run}. */
    long size() {
        return size;
    }

    /** Bytes of content that were read; after {@link #run}. */
    long moved() {
        return stages.done.get();
    }

    /** What could not be read, ascending; after {@link #run}. */
    List<Extent> bad() {
        return List.copyOf(bad);
    }

    String slowest() {
        return stages.slowest();
    }

    // ---- reading

    private void read() throws IOException, InterruptedException {
        while (true) {
            ring.acquire();
            Piece piece;
            synchronized (planning) {
                if (planned || stages.ended()) {
                    ring.release();
                    return;
                }
                var window = windows == null ? nextOfStream() : windows.next();
                planned = window == null;
                piece = new Piece(window, queues.size());
                for (var queue : queues) {
                    queue.add(piece);
                }
            }
            if (piece.window == null) {
                piece.filled.countDown();
                return;
            }
            long start = System.nanoTime();
            if (windows != null) {
                for (var run : piece.window.runs()) {
                    if (run.kind() == Kind.BAD) {
                        meetBad(run, null);
                    }
                }
                if (piece.window.hasData() && intake == null) {
                    fill(piece);
                }
                piece.filled.countDown();
            } else {
                fillFromStream(piece);
            }
            stages.worked("reading", start);
        }
    }

    private Window nextOfStream() {
        return new Window(streamed / grid, streamed, grid, List.of(new Extent(streamed, grid, Kind.DATA)));
    }

    /** A stream has one reader, which alone knows where the next window starts and when there is none. */
    private void fillFromStream(Piece piece) throws IOException {
        var buffer = take(piece);
        buffer.limit(grid);
        int got = Volumes.readUpTo(from, streamed, buffer);
        buffer.clear();
        synchronized (planning) {
            piece.runs = got == 0 ? List.of()
                    : new ArrayList<>(List.of(new Extent(streamed, got, Kind.DATA)));
            streamed += got;
            if (got < grid) {
                planned = true;
                size = streamed;
            }
        }
        stages.done.addAndGet(got);
        if (got > 0) {
            note(piece);
        }
        piece.filled.countDown();
        if (got < grid) {
            var end = new Piece(null, queues.size());
            end.filled.countDown();
            for (var queue : queues) {
                queue.add(end);
            }
        }
    }

    private void fill(Piece piece) throws IOException {
        var buffer = take(piece);
        var runs = new ArrayList<Extent>();
        for (var run : piece.window.runs()) {
            if (run.kind() == Kind.DATA) {
                fill(piece, run.offset(), run.length(), runs);
                stages.done.addAndGet(run.length());
            } else {
                runs.add(run);
            }
        }
        piece.runs = runs;
        buffer.clear();
        note(piece);
    }

    /** Reads one run; what fails is halved until the sectors that cannot be read are left. */
    private void fill(Piece piece, long offset, long length, List<Extent> runs) throws IOException {
        try {
            read(piece, offset, length);
            runs.add(new Extent(offset, length, Kind.DATA));
        } catch (VolumeException.Unreadable e) {
            if (!allowBad) {
                throw firstSector(piece, offset, length, e);
            }
            if (length <= SECTOR) {
                meetBad(new Extent(offset, length, Kind.BAD), e);
                runs.add(new Extent(offset, length, Kind.BAD));
                return;
            }
            long half = Math.max(SECTOR, length / 2 / SECTOR * SECTOR);
            fill(piece, offset, half, runs);
            fill(piece, offset + half, length - half, runs);
        }
    }

    private void read(Piece piece, long offset, long length) throws IOException {
        int start = (int) (offset - piece.window.offset());
        piece.buffer.limit(start + (int) length).position(start);
        Volumes.readFully(from, offset, piece.buffer);
    }

    /** The failure of the first sector that cannot be read; the one that is known where all can be, the second time. */
    private VolumeException.Unreadable firstSector(Piece piece, long offset, long length, VolumeException.Unreadable known)
            throws IOException {
        long at = offset;
        long left = length;
        while (left > SECTOR && !stages.ended()) {
            long half = Math.max(SECTOR, left / 2 / SECTOR * SECTOR);
            try {
                read(piece, at, half);
                at += half;
                left -= half;
            } catch (VolumeException.Unreadable nearer) {
                left = half;
            }
        }
        try {
            read(piece, at, left);
            return known;
        } catch (VolumeException.Unreadable exact) {
            return exact;
        }
    }

    private void meetBad(Extent run, VolumeException.Unreadable cause) throws IOException {
        if (!allowBad) {
            throw cause != null ? cause : new VolumeException.Unreadable(from, run.offset(), run.length(), null);
        }
        synchronized (bad) {
            bad.add(new Extent(run.offset(), run.length(), Kind.BAD));
        }
        stages.errors.incrementAndGet();
        job.event(new Event.Bad(run.offset(), run.length()));
    }

    /** Takes the fingerprint of a filled window, and marks the zeroes in it. */
    private void note(Piece piece) {
        if (keepFingerprints) {
            fingerprints.put(piece.window.index(), fingerprint(piece.buffer, piece.window.offset(), piece.runs));
        }
        var runs = new ArrayList<Extent>();
        for (var run : piece.runs) {
            if (run.kind() == Kind.DATA) {
                markZeroes(piece, run, runs);
            } else {
                runs.add(run);
            }
        }
        piece.runs = runs;
    }

    private static long fingerprint(ByteBuffer buffer, long base, List<Extent> runs) {
        var pieces = new ArrayList<ByteBuffer>();
        for (var run : runs) {
            if (run.kind() == Kind.DATA) {
                pieces.add(buffer.slice((int) (run.offset() - base), (int) run.length()));
            }
        }
        return Fingerprints.of(pieces);
    }

    private static void markZeroes(Piece piece, Extent run, List<Extent> runs) {
        long base = piece.window.offset();
        long at = run.offset();
        long began = at;
        Kind kind = null;
        while (at < run.end()) {
            long end = Math.min(run.end(), (at / ZERO_PIECE + 1) * ZERO_PIECE);
            var here = Zeroes.in(piece.buffer, (int) (at - base), (int) (end - at)) ? Kind.ZERO : Kind.DATA;
            if (kind != null && here != kind) {
                runs.add(new Extent(began, at - began, kind));
                began = at;
            }
            kind = here;
            at = end;
        }
        runs.add(new Extent(began, run.end() - began, kind));
    }

    // ---- following

    private interface Follower {
        void take(Piece piece) throws IOException;
    }

    private void follow(String stage, Follower follower) {
        var queue = new LinkedBlockingQueue<Piece>();
        queues.add(queue);
        stages.add(stage, () -> {
            while (!stages.ended()) {
                var piece = queue.take();
                piece.filled.await();
                if (piece.window == null) {
                    return;
                }
                long start = System.nanoTime();
                follower.take(piece);
                stages.worked(stage, start);
                if (piece.users.decrementAndGet() == 0) {
                    giveBack(piece);
                }
            }
        });
    }

    private void write(Piece piece) throws IOException {
        for (var run : piece.runs) {
            switch (run.kind()) {
                case DATA -> {
                    if (intake == null) {
                        to.write(run.offset(), bytes(piece, run));
                    } else {
                        move(piece, run);
                    }
                }
                case ZERO -> to.zero(run.offset(), run.length());
                case BAD -> to.bad(run.offset(), run.length());
                case UNUSED -> { }
            }
        }
    }

    /** Content that nobody has to see moves from file to file by itself; where the system cannot do that, through a buffer. */
    private void move(Piece piece, Extent run) throws IOException {
        if (!intake.take(verbatim.channel(), verbatim.position(run.offset()), run.offset(), run.length())) {
            if (piece.buffer == null) {
                take(piece);
            }
            var parts = new ArrayList<Extent>();
            fill(piece, run.offset(), run.length(), parts);
            piece.buffer.clear();
            for (var part : parts) {
                if (part.kind() == Kind.DATA) {
                    to.write(part.offset(), bytes(piece, part));
                } else {
                    to.bad(part.offset(), part.length());
                }
            }
        }
        stages.done.addAndGet(run.length());
    }

    private static void feed(Tap tap, Piece piece) throws IOException {
        for (var run : piece.runs) {
            if (run.kind() == Kind.DATA) {
                tap.update(bytes(piece, run));
            } else {
                tap.zero(run.length());
            }
        }
    }

    private static ByteBuffer bytes(Piece piece, Extent run) {
        return piece.buffer.slice((int) (run.offset() - piece.window.offset()), (int) run.length());
    }

    // ---- buffers

    private ByteBuffer take(Piece piece) {
        var buffer = buffers.poll();
        piece.buffer = buffer != null ? buffer.clear() : Arena.ofAuto().allocate(grid, PAGE).asByteBuffer();
        return piece.buffer;
    }

    private void giveBack(Piece piece) {
        if (piece.buffer != null) {
            buffers.add(piece.buffer);
        }
        ring.release();
    }

    // ---- comparing

    /**
     * Reads a volume and compares it with what {@link #run} wrote: DATA by fingerprint, ZERO by value.
     *
     * @throws VolumeException.Corrupt the first place that differs
     */
    void compare(Volume written) throws IOException {
        new ReadBack(from, size, grid, fingerprints, bad, written, job).run();
    }
}
