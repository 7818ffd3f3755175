package imprint.engine;

import imprint.api.Event;
import imprint.api.Extent;
import imprint.api.Imprint.Decoded;
import imprint.api.Layer;
import imprint.api.Outcome;
import imprint.api.Place;
import imprint.api.Report;
import imprint.api.Tap;
import imprint.api.Verdict;
import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.VolumeWriter;
import imprint.api.Volumes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks an image by everything that covers it: the manifest's digests of each piece of the stored file, every sidecar,
 * and, by reading all content, every checksum inside.
 */
final class Verification {

    private final EngineJob job;
    private final Place image;
    private final List<String> findings = new ArrayList<>();
    private final List<String> by = new ArrayList<>();
    private final Map<String, String> digests = new LinkedHashMap<>();
    private boolean repairable = true;
    private String slowest = "";

    Verification(EngineJob job, Place image) {
        this.job = job;
        this.image = image;
    }

    Outcome run() throws IOException {
        long start = System.nanoTime();
        Safety.exists(image);
        var manifest = Images.manifest(job, image);
        var stored = job.open(image.uri());
        FolderFiles folder = null;
        if (EngineJob.isFile(image.uri())) {
            folder = job.folderOf(EngineJob.path(image.uri()));
            if (manifest.isPresent()) {
                checkPieces(manifest.get(), stored, folder);
            }
            checkSidecars(folder);
        }
        long size = checkContent(stored, manifest);
        if (by.isEmpty() && findings.isEmpty()) {
            throw new IllegalArgumentException("nothing covers " + image.name()
                    + ": there is no checksum inside it and no digest beside it; compare it with --against PLACE");
        }
        job.event(new Event.Note("checked by " + String.join(", ", by)));
        var verdict = findings.isEmpty() ? Verdict.COMPLETE : repairable ? Verdict.REPAIRABLE : Verdict.DAMAGED;
        var bad = manifest.filter(m -> !m.map().isEmpty());
        if (verdict == Verdict.COMPLETE && bad.isPresent()) {
            verdict = Verdict.LOSSY;
            findings.addAll(bad.get().losses());
        }
        return new Outcome(verdict, size, Duration.ofNanos(System.nanoTime() - start), List.of(), List.of(), digests, findings,
                slowest);
    }

    private void checkPieces(Manifest manifest, Volume stored, FolderFiles folder) throws IOException {
        var file = manifest.file();
        if (stored.size() != file.size()) {
            damaged(stored + ": has " + stored.size() + " bytes, expected " + file.size());
        }
        if (file.chunks().length == 0) {
            return;
        }
        by.add(image.name() + Manifest.ENDING);
        long common = Math.min(stored.size(), file.size());
        var found = ChunkDigests.of(stored, common, "verifying", job);
        boolean all = stored.size() == file.size();
        for (int i = 0; i < found.length; i += ChunkDigests.LENGTH) {
            long from = (long) i / ChunkDigests.LENGTH * ChunkDigests.CHUNK;
            boolean cut = common < file.size() && from + ChunkDigests.CHUNK > common;
            if (!cut && !Arrays.equals(found, i, i + ChunkDigests.LENGTH, file.chunks(), i,
                    i + ChunkDigests.LENGTH)) {
                all = false;
                damaged(stored + ", offset " + from + ": the " + Math.min(ChunkDigests.CHUNK, common - from)
                        + " bytes from here have another sha256 than when the image was made");
            }
        }
        if (all) {
            file.digests().forEach((name, hex) -> folder.prove(file.name(), name, hex));
        }
    }

    private void checkSidecars(FolderFiles folder) throws IOException {
        for (var held : job.integrities()) {
            var report = held.service.verify(folder, job);
            by.addAll(report.by());
            findings.addAll(report.findings());
            repairable &= report.state() != Report.State.DAMAGED || report.findings().isEmpty();
        }
    }

    /** Reads all content. @return its bytes */
    private long checkContent(Volume stored, Optional<Manifest> manifest) throws IOException {
        Decoded decoded = null;
        try {
            decoded = image.kind() == Place.Kind.DEVICE ? new Decoded(stored, List.of(), List.of())
                    : Images.decode(job, stored, image);
            if (decoded.layers().isEmpty()) {
                if (findings.isEmpty()) {
                    manifest.ifPresent(known -> digests.putAll(known.content().digests()));
                }
                return stored.size();
            }
            var expected = manifest.map(each -> each.content().digests()).orElse(Map.of());
            var taps = new LinkedHashMap<String, Tap>();
            for (var name : expected.keySet()) {
                taps.put(name, job.tap(Layer.of(name)));
            }
            by.add("the checksums inside (" + String.join(", ", decoded.layers()) + ")");
            var copy = new Copy("verifying", decoded.volume(), new Nowhere(), taps, false, true, job);
            copy.run();
            slowest = copy.slowest();
            taps.forEach((name, tap) -> {
                var found = tap.digests().get(name);
                digests.put(name, found);
                if (!expected.get(name).equals(found)) {
                    damaged(image.name() + ": the content has " + name + " " + found + ", expected " + expected.get(name));
                }
            });
            return copy.size();
        } catch (VolumeException.Corrupt e) {
            damaged(e.getMessage());
            return -1;
        } finally {
            if (decoded != null) {
                decoded.volume().close();
            }
        }
    }

    private void damaged(String sentence) {
        findings.add(sentence);
        repairable = false;
    }

    /** Takes everything and keeps nothing. */
    static final class Nowhere implements VolumeWriter {
        @Override
        public void write(long offset, ByteBuffer data) {
            data.position(data.limit());
        }

        @Override
        public void zero(long offset, long length) {}

        @Override
        public Optional<Volume> finish(long size) {
            return Optional.empty();
        }

        @Override
        public void commit() {}

        @Override
        public void close() {}
    }

    /** Takes everything and compares it with what stands elsewhere; unused runs are not compared. */
    static final class Against implements VolumeWriter {
        private final Volume other;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(Copy.WINDOW);
        private Extent first;
        private long differing;

        Against(Volume other) {
            this.other = other;
        }

        /** First run that differs; null where all is equal. */
        Extent first() {
            return first;
        }

        /** Bytes in pieces that differ. */
        long differing() {
            return differing;
        }

        @Override
        public void write(long offset, ByteBuffer data) throws IOException {
            while (data.hasRemaining()) {
                buffer.clear().limit(Math.min(buffer.capacity(), data.remaining()));
                int got = Volumes.readUpTo(other, offset, buffer);
                int wanted = buffer.limit();
                buffer.flip();
                int mismatch = data.slice(data.position(), wanted).mismatch(buffer);
                if (mismatch >= 0 || got < wanted) {
                    differ(offset + Math.max(0, mismatch), wanted - Math.max(0, mismatch));
                }
                data.position(data.position() + wanted);
                offset += wanted;
            }
        }

        @Override
        public void zero(long offset, long length) throws IOException {
            long end = offset + length;
            for (long at = offset; at < end;) {
                if (other.size() >= 0 && at >= other.size()) {
                    differ(at, end - at);
                    return;
                }
                var run = other.extent(at).within(at, end);
                if (run.kind() == Extent.Kind.DATA || run.kind() == Extent.Kind.BAD) {
                    buffer.clear().limit((int) Math.min(buffer.capacity(), run.length()));
                    int got = Volumes.readUpTo(other, at, buffer);
                    if (got == 0 || !Zeroes.in(buffer, 0, got)) {
                        differ(at, Math.max(1, got));
                    }
                    at += Math.max(1, got);
                } else {
                    at = run.end();
                }
            }
        }

        private void differ(long offset, long length) {
            differing += length;
            if (first == null) {
                first = new Extent(offset, length, Extent.Kind.DATA);
            }
        }

        @Override
        public Optional<Volume> finish(long size) {
            return Optional.empty();
        }

        @Override
        public void commit() {}

        @Override
        public void close() {}
    }
}
