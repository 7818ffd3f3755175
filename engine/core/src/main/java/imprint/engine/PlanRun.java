package imprint.engine;

import imprint.api.CancelledException;
import imprint.api.Draft;
import imprint.api.Event;
import imprint.api.Extent;
import imprint.api.Format;
import imprint.api.Layer;
import imprint.api.Outcome;
import imprint.api.Place;
import imprint.api.Place.Kind;
import imprint.api.Plan;
import imprint.api.Tap;
import imprint.api.Verdict;
import imprint.api.Volume;
import imprint.api.VolumeException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One plan from its checks to its commit: open, check, copy, compare, seal, commit. Until the commit, everything that was
 * made bears a name that ends in .partial and goes when this is closed.
 */
final class PlanRun implements Closeable {

    private final EngineJob job;
    private final Plan plan;
    private final Map<String, String> versions;
    private final List<Layer> layers;
    private final Place from;
    private final Place to;
    private Volume content;
    private List<String> peeled = List.of();
    private Map<String, String> expected = Map.of();
    private long size = -1;
    private long data = -1;

    /** Checks what can be checked without opening; throws what {@link Safety} throws. */
    PlanRun(EngineJob job, Plan plan, Map<String, String> versions) throws IOException {
        this.job = job;
        this.plan = plan;
        this.versions = versions;
        var target = plan.target().orElseThrow(() ->
                new IllegalArgumentException("the plan has no end: write it to a file, a device or -"));
        this.layers = checkedLayers();
        for (var digest : plan.digests()) {
            job.tap(digest);
        }
        this.from = job.source(plan.source()).inspect(plan.source());
        this.to = job.sink(target).inspect(target);
        Safety.check(plan, from, to);
    }

    /** Formats by name, without the identity; an image format goes inside, codecs around it. */
    private List<Layer> checkedLayers() {
        var kept = new ArrayList<Layer>();
        boolean codecs = false;
        for (var layer : plan.layers()) {
            var held = job.format(layer.name());
            if (!held.texts(Format.ABILITIES).contains("write")) {
                throw new IllegalArgumentException("format \"" + layer.name() + "\" is only read here");
            }
            boolean image = held.text(Format.LAYER).equals(Format.IMAGE);
            if (image && codecs) {
                throw new IllegalArgumentException("format \"" + layer.name()
                        + "\" cannot lie around a codec; encode it first and the codec after it");
            }
            codecs |= !image;
            if (!layer.name().equals("raw")) {
                kept.add(layer);
            }
        }
        return kept;
    }

    /** Opens the source, and checks what its size and extents decide. */
    void open() throws IOException {
        content = job.open(plan.source());
        if (plan.decode() && from.kind() != Kind.DEVICE) {
            var decoded = Images.decode(job, content, from);
            content = decoded.volume();
            peeled = decoded.layers();
            expected = Images.manifest(job, from).map(known -> known.content().digests()).orElse(Map.of());
        }
        size = content.size();
        data = size < 0 ? -1 : Windows.dataIn(content, size);
        Safety.room(to, size, layers.isEmpty() ? data : -1, layers.isEmpty());
    }

    /** The source can be read only once, so that a check must not open it. */
    boolean readsOnce() {
        return from.kind() == Kind.STREAM;
    }

    Draft draft() {
        var remarks = new ArrayList<String>();
        if (to.kind() == Kind.DEVICE) {
            remarks.add("everything on " + to.name() + " will be replaced; it holds "
                    + to.facts().getOrDefault("holds", "something unknown"));
        }
        if (to.kind() == Kind.FILE) {
            remarks.add(to.name() + " will be replaced");
        }
        if (!plan.rules().verify()) {
            remarks.add("what is written will not be verified");
        }
        if (from.uses().stream().anyMatch(use -> use.startsWith("mounted"))) {
            remarks.add(from.name() + " is " + String.join(", ", from.uses())
                    + ": what is copied may not be consistent in itself; take a snapshot, or unmount it");
        }
        return new Draft(plan, from, to, peeled, size, data, layers.isEmpty() ? data : -1, remarks);
    }

    Outcome run() throws IOException {
        long start = System.nanoTime();
        draft().remarks().forEach(remark -> job.event(new Event.Warning(remark)));
        boolean plain = layers.isEmpty();
        boolean file = EngineJob.isFile(to.uri()) && to.kind() != Kind.DEVICE;
        boolean keep = file && plan.rules().keep();
        var contentTaps = taps();
        var proofTaps = proof(contentTaps);
        var storedTaps = plain || !keep ? Map.<String, Tap>of() : taps();
        var stored = new TappedWriter(job.store(to.uri(), content, layers), storedTaps.values());
        try (var writer = job.encode(stored, content, layers); var replacement = new Replacement(to, writer, stored, job)) {
            var copy = new Copy("writing", content, writer, proofTaps, plan.rules().verify(),
                    plan.rules().allow().contains(Plan.Rules.BAD_SECTORS), job);
            copy.run();
            expectContent(proofTaps);
            job.event(new Event.Progress("flushing", copy.moved(), copy.moved(), copy.bad().size(), ""));
            var written = writer.finish(copy.size());
            var reasons = new ArrayList<String>();
            var chunks = new byte[0];
            if (!plan.rules().verify()) {
                reasons.add("it was asked not to be verified");
            } else if (written.isEmpty()) {
                reasons.add(to.name() + " cannot be read back");
            } else {
                try (var back = written.get()) {
                    copy.compare(back);
                    if (keep && !plan.digests().isEmpty()) {
                        chunks = ChunkDigests.of(stored.stored(), stored.size(), "digesting", job);
                    }
                }
            }
            var verdict = reasons.isEmpty() ? Verdict.COMPLETE : Verdict.UNVERIFIED;
            if (!copy.bad().isEmpty()) {
                verdict = Verdict.LOSSY;
                long lost = copy.bad().stream().mapToLong(Extent::length).sum();
                reasons.addFirst(lost + " bytes in " + copy.bad().size() + " runs could not be read and are zeroes");
                if (file) {
                    replacement.add(".map", MapFile.write(copy.bad(), copy.size()).getBytes(StandardCharsets.US_ASCII));
                }
            }
            var digests = digests(contentTaps);
            if (keep) {
                var sidecars = plain ? contentTaps : stored.patched() ? reread(stored) : storedTaps;
                for (var tap : sidecars.values()) {
                    tap.seal(replacement);
                }
                var about = new Manifest.StoredFile(replacement.name(), stored.size(), digests(sidecars), chunks);
                replacement.add(Manifest.ENDING, manifest(copy, digests, about, reasons, verdict).toJson());
            }
            if (job.cancelled()) {
                throw new CancelledException();
            }
            replacement.commit();
            return new Outcome(verdict, copy.size(), Duration.ofNanos(System.nanoTime() - start), replacement.made(),
                    copy.bad(), digests, reasons, copy.slowest());
        }
    }

    private Map<String, Tap> taps() {
        var taps = new LinkedHashMap<String, Tap>();
        plan.digests().forEach(digest -> taps.put(digest.name(), job.tap(digest)));
        return taps;
    }

    /** The taps, and one more where an image's manifest says what its content has to be and none of them would notice. */
    private Map<String, Tap> proof(Map<String, Tap> taps) {
        var all = new LinkedHashMap<>(taps);
        if (plan.rules().verify() && expected.keySet().stream().noneMatch(taps::containsKey)) {
            expected.keySet().stream().filter(job.digests()::contains).findFirst()
                    .ifPresent(name -> all.put(name, job.tap(Layer.of(name))));
        }
        return all;
    }

    /** Where a format has no checksums of its own, nothing else would tell that an image has changed since it was made. */
    private void expectContent(Map<String, Tap> taps) throws VolumeException.Corrupt {
        for (var tap : taps.entrySet()) {
            var known = expected.get(tap.getKey());
            var found = tap.getValue().digests().get(tap.getKey());
            if (known != null && !known.equals(found)) {
                throw new VolumeException.Corrupt(content, -1, 0, "the content has " + tap.getKey() + " " + found
                        + ", expected " + known + " as its manifest says; \"imprint verify\" tells where it differs");
            }
        }
    }

    /** A format that went back over its own bytes was not seen in order; what it stored is read once more. */
    private Map<String, Tap> reread(TappedWriter stored) throws IOException {
        var taps = taps();
        new Copy("digesting", stored.stored(), new Verification.Nowhere(), taps, false, false, job).run();
        return taps;
    }

    private static Map<String, String> digests(Map<String, Tap> taps) {
        var digests = new LinkedHashMap<String, String>();
        taps.values().forEach(tap -> digests.putAll(tap.digests()));
        return digests;
    }

    private Manifest manifest(Copy copy, Map<String, String> digests, Manifest.StoredFile stored, List<String> losses,
            Verdict verdict) {
        var source = new LinkedHashMap<String, String>();
        source.put("name", from.name());
        source.put("kind", from.kind().name().toLowerCase(Locale.ROOT));
        source.put("size", String.valueOf(from.size()));
        source.put("sector size", String.valueOf(from.sectorSize()));
        source.putAll(from.facts());
        var names = new ArrayList<String>();
        if (layers.isEmpty() || job.format(layers.getFirst().name()).text(Format.LAYER).equals(Format.CODEC)) {
            names.add("raw");
        }
        layers.forEach(layer -> names.add(layer.name()));
        return new Manifest(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), source,
                new Manifest.Content(copy.size(), digests), names, stored,
                copy.bad().isEmpty() ? "" : stored.name() + ".map", losses, plan.rules().note(), versions,
                verdict.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void close() throws IOException {
        if (content != null) {
            Stages.close(content);
        }
    }
}
