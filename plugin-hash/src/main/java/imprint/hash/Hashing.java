package imprint.hash;

import imprint.api.CancelledException;
import imprint.api.Event;
import imprint.api.Job;
import imprint.api.Volume;
import imprint.api.Volumes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Any number of digests of a volume in one reading: while one piece is hashed, each digest on its thread, the next is read. */
final class Hashing {

    private static final int PIECE = 1 << 20;
    private static final int PAGE = 4096;
    private static final long BETWEEN_NEWS = 16L << 20;

    private Hashing() {}

    static Map<Algorithm, String> of(Volume volume, List<Algorithm> algorithms, Job job) throws IOException {
        var hashers = new EnumMap<Algorithm, Hasher>(Algorithm.class);
        algorithms.forEach(algorithm -> hashers.put(algorithm, algorithm.begin()));
        try (var arena = Arena.ofShared()) {
            var next = arena.allocate(PIECE, PAGE).asByteBuffer();
            var other = arena.allocate(PIECE, PAGE).asByteBuffer();
            List<Future<?>> working = List.of();
            try {
                for (long at = 0;;) {
                    if (job.cancelled()) {
                        throw new CancelledException();
                    }
                    int got = Volumes.readUpTo(volume, at, next.clear());
                    await(working);
                    working = List.of();
                    if (got == 0) {
                        break;
                    }
                    working = feed(hashers.values(), next.flip(), job);
                    at += got;
                    if (at / BETWEEN_NEWS != (at - got) / BETWEEN_NEWS) {
                        job.event(new Event.Progress("verifying", at, volume.size(), 0, ""));
                    }
                    var full = next;
                    next = other;
                    other = full;
                }
            } finally {
                await(working);          // the memory goes with the arena
            }
        }
        var found = new EnumMap<Algorithm, String>(Algorithm.class);
        hashers.forEach((algorithm, hasher) -> found.put(algorithm, hasher.hex()));
        return found;
    }

    private static List<Future<?>> feed(Iterable<Hasher> hashers, ByteBuffer piece, Job job) {
        var working = new ArrayList<Future<?>>();
        for (var hasher : hashers) {
            var view = piece.duplicate();
            working.add(job.workers().submit(() -> hasher.update(view)));
        }
        return working;
    }

    /** Waits for all of them, whatever becomes of one. */
    private static void await(List<Future<?>> working) throws IOException {
        boolean interrupted = false;
        Throwable problem = null;
        for (var one : working) {
            for (boolean waiting = true; waiting;) {
                try {
                    one.get();
                    waiting = false;
                } catch (InterruptedException again) {
                    interrupted = true;
                } catch (ExecutionException failed) {
                    problem = failed.getCause();
                    waiting = false;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while digests were taken");
        }
        if (problem != null) {
            throw new IOException("a digest could not be taken", problem);
        }
    }
}
