package imprint.engine;

import imprint.api.Extent;
import imprint.api.Extent.Kind;
import imprint.api.Job;
import imprint.api.Parallel;
import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.Volumes;
import imprint.engine.Windows.Window;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads back what was written and compares it with the fingerprints that were kept; the source is not read again. */
final class ReadBack {

    private static final int PAGE = 4096;

    private final Volume written;
    private final long size;
    private final int grid;
    private final Fingerprints fingerprints;
    private final List<Extent> bad;
    private final Job job;
    private final Windows windows;
    private final long total;
    private Stages stages;

    /** @param content what was copied: only its extents are asked; ignored when it was a stream */
    ReadBack(Volume content, long size, int grid, Fingerprints fingerprints, List<Extent> bad, Volume written, Job job)
            throws IOException {
        this.written = written;
        this.size = size;
        this.grid = grid;
        this.fingerprints = fingerprints;
        this.bad = bad;
        this.job = job;
        boolean stream = content.size() < 0;
        this.windows = new Windows(stream ? allData(size) : content, size, grid);
        this.total = stream ? size : Windows.dataIn(content, size);
    }

    void run() throws IOException {
        if (written.size() >= 0 && written.size() < size) {
            throw new VolumeException.Corrupt(written, written.size(), size - written.size(),
                    "reading back ends after " + written.size() + " bytes, " + size + " were written");
        }
        stages = new Stages(job, "verifying", total);
        int readers = written.as(Parallel.class).map(Parallel::readers).orElse(1);
        for (int i = 0; i < Math.max(1, Math.min(readers, job.threads())); i++) {
            stages.add("verifying", this::read);
        }
        stages.run();
    }

    private void read() throws IOException {
        var buffer = Arena.ofAuto().allocate(grid, PAGE).asByteBuffer();
        while (!stages.ended()) {
            Window window;
            synchronized (windows) {
                window = windows.next();
            }
            if (window == null) {
                return;
            }
            compare(window, buffer);
        }
    }

    private void compare(Window window, ByteBuffer buffer) throws IOException {
        var pieces = new ArrayList<ByteBuffer>();
        for (var run : window.runs()) {
            if (run.kind() == Kind.ZERO) {
                expectZeroes(run, buffer);
            }
        }
        if (!window.hasData()) {
            return;
        }
        for (var run : window.runs()) {
            if (run.kind() != Kind.DATA) {
                continue;
            }
            for (var part : without(bad, run)) {
                int start = (int) (part.offset() - window.offset());
                buffer.limit(start + (int) part.length()).position(start);
                Volumes.readFully(written, part.offset(), buffer);
                pieces.add(buffer.slice(start, (int) part.length()));
            }
            stages.done.addAndGet(run.length());
        }
        if (Fingerprints.of(pieces) != fingerprints.get(window.index())) {
            throw new VolumeException.Corrupt(written, window.offset(), window.length(),
                    "what was read back differs from what was written, within " + window.length() + " bytes");
        }
    }

    private void expectZeroes(Extent run, ByteBuffer buffer) throws IOException {
        for (long at = run.offset(); at < run.end() && !stages.ended();) {
            var there = written.extent(at).within(at, run.end());
            if (there.kind() == Kind.DATA || there.kind() == Kind.BAD) {
                buffer.clear().limit((int) Math.min(grid, there.length()));
                Volumes.readFully(written, at, buffer);
                if (!Zeroes.in(buffer, 0, buffer.position())) {
                    throw new VolumeException.Corrupt(written, at, buffer.position(),
                            "what was read back is not zero, and zeroes were written");
                }
                at += buffer.position();
            } else {
                at = there.end();
            }
        }
    }

    /** The parts of a run that lie in none of {@code holes}, which are ascending. */
    private static List<Extent> without(List<Extent> holes, Extent run) {
        if (holes.isEmpty()) {
            return List.of(run);
        }
        var parts = new ArrayList<Extent>();
        long at = run.offset();
        for (var hole : holes) {
            if (hole.end() <= at || hole.offset() >= run.end()) {
                continue;
            }
            if (hole.offset() > at) {
                parts.add(run.within(at, hole.offset()));
            }
            at = hole.end();
        }
        if (at < run.end()) {
            parts.add(run.within(at, run.end()));
        }
        return parts;
    }

    private static Volume allData(long size) {
        return new Volume() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public int read(long offset, ByteBuffer target) {
                throw new UnsupportedOperationException("only extents are asked");
            }

            @Override
            public void close() {}
        };
    }
}
