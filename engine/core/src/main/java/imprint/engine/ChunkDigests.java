package imprint.engine;

import imprint.api.Extent.Kind;
import imprint.api.Job;
import imprint.api.Parallel;
import imprint.api.Volume;
import imprint.api.Volumes;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.atomic.AtomicLong;

/** SHA-256 of each 16 MiB of a stored file, so that a later check uses every core and can say which piece differs. */
final class ChunkDigests {

    static final String ALGORITHM = "sha256";
    static final int CHUNK = 16 << 20;
    static final int LENGTH = 32;
    private static final int BLOCK = 1 << 20;
    private static final int PAGE = 4096;
    private static final byte[] ZEROES = new byte[PAGE];

    private ChunkDigests() {}

    static int count(long size) {
        return Math.toIntExact((size + CHUNK - 1) / CHUNK);
    }

    /** All digests one after the other, {@link #LENGTH} bytes each. */
    static byte[] of(Volume file, long size, String phase, Job job) throws IOException {
        var digests = new byte[Math.multiplyExact(count(size), LENGTH)];
        var next = new AtomicLong();
        var stages = new Stages(job, phase, size);
        for (int i = 0; i < job.threads(); i++) {
            stages.add(phase, () -> {
                var buffer = Arena.ofAuto().allocate(BLOCK, PAGE).asByteBuffer();
                var digest = sha256();
                for (long chunk; !stages.ended() && (chunk = next.getAndIncrement()) < count(size);) {
                    long from = chunk * CHUNK;
                    one(file, from, Math.min(size, from + CHUNK), buffer, digest);
                    System.arraycopy(digest.digest(), 0, digests, (int) chunk * LENGTH, LENGTH);
                    stages.done.addAndGet(Math.min(size, from + CHUNK) - from);
                }
            });
        }
        stages.run();
        return digests;
    }

    private static void one(Volume file, long from, long to, ByteBuffer buffer, MessageDigest digest) throws IOException {
        for (long at = from; at < to;) {
            var run = file.extent(at).within(at, to);
            if (run.kind() == Kind.ZERO || run.kind() == Kind.UNUSED) {
                zeroes(run.length(), digest);
                at = run.end();
            } else {
                buffer.clear().limit((int) Math.min(BLOCK, run.length()));
                Volumes.readFully(file, at, buffer);
                at += buffer.position();
                digest.update(buffer.flip());
            }
        }
    }

    /** Small pieces: the compiler finds the fast path by the number of calls. */
    private static void zeroes(long length, MessageDigest digest) {
        long left = length;
        for (; left >= ZEROES.length; left -= ZEROES.length) {
            digest.update(ZEROES);
        }
        digest.update(ZEROES, 0, (int) left);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
