package imprint.hash;

import imprint.api.CancelledException;
import imprint.api.FileSet;
import imprint.api.Job;
import imprint.api.Tap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One digest of one file, and the file beside it that says so. */
final class DigestTap implements Tap {

    private static final ByteBuffer ZEROES = ByteBuffer.wrap(new byte[1 << 20]).asReadOnlyBuffer();

    /** Zeroes hash no faster than anything else: a second's worth of them at most passes unasked. */
    private static final long ZEROES_BETWEEN_QUESTIONS = 256L << 20;

    private final Algorithm algorithm;
    private final Job job;
    private final Hasher hasher;
    private Map<String, String> digests;

    DigestTap(Algorithm algorithm, Job job) {
        this.algorithm = algorithm;
        this.job = job;
        this.hasher = algorithm.begin();
    }

    @Override
    public void update(ByteBuffer data) {
        requireOpen();
        hasher.update(data);
    }

    @Override
    public void zero(long length) throws IOException {
        requireOpen();
        for (long done = 0; done < length;) {
            if (done % ZEROES_BETWEEN_QUESTIONS == 0 && job.cancelled()) {
                throw new CancelledException();
            }
            int piece = (int) Math.min(ZEROES.capacity(), length - done);
            hasher.update(ZEROES.duplicate().limit(piece));
            done += piece;
        }
    }

    private void requireOpen() {
        if (digests != null) {
            throw new IllegalStateException(algorithm.id() + " was asked for already; no byte may follow");
        }
    }

    @Override
    public Map<String, String> digests() {
        if (digests == null) {
            digests = Map.of(algorithm.id(), hasher.hex());
        }
        return digests;
    }

    @Override
    public void seal(FileSet files) throws IOException {
        var line = SumsFile.line(digests().get(algorithm.id()), files.name()).getBytes(StandardCharsets.UTF_8);
        var writer = files.create(files.name() + "." + algorithm.id());
        writer.write(0, ByteBuffer.wrap(line));
        var finished = writer.finish(line.length);
        if (finished.isPresent()) {
            finished.get().close();
        }
    }
}
