package imprint.engine;

import imprint.api.Event;
import imprint.api.Extent;
import imprint.api.FileSet;
import imprint.api.Format;
import imprint.api.Imprint;
import imprint.api.Imprint.Decoded;
import imprint.api.Integrity;
import imprint.api.Layer;
import imprint.api.Outcome;
import imprint.api.Place;
import imprint.api.Sink;
import imprint.api.Source;
import imprint.api.Survey;
import imprint.api.Tap;
import imprint.api.Verdict;
import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.VolumeWriter;
import imprint.api.Volumes;
import imprint.engine.Registry.Held;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One job: what it may use, and the services it began with. */
final class EngineJob implements Imprint.Session {

    /** Codecs on codecs: a stream that unpacks to itself ends here. */
    private static final int DEEPEST = 8;

    private static final long LEAVE_MILLIS = 1000;

    private final Services services;
    private final Imprint.Terms terms;
    private final Registry.Leases leases = new Registry.Leases();
    private final FileSet beside;
    private ExecutorService workers;

    EngineJob(Services services, Imprint.Terms terms, Optional<URI> image) {
        this.services = services;
        this.terms = terms;
        this.beside = image.filter(EngineJob::isFile).map(EngineJob::path).map(file -> (FileSet) folderOf(file))
                .orElseGet(FolderFiles::none);
    }

    // ---- Job

    @Override
    public synchronized ExecutorService workers() {
        if (workers == null) {
            workers = Executors.newFixedThreadPool(threads(),
                    Thread.ofPlatform().daemon().name("imprint worker ", 0).factory());
        }
        return workers;
    }

    @Override
    public int threads() {
        return Math.max(1, terms.threads());
    }

    @Override
    public long memory() {
        return terms.memory();
    }

    @Override
    public FileSet beside() {
        return beside;
    }

    @Override
    public void event(Event what) {
        terms.listener().accept(what);
    }

    @Override
    public boolean cancelled() {
        return terms.cancelled().getAsBoolean();
    }

    // ---- Session

    @Override
    public Volume open(URI place) throws IOException {
        return source(place).open(place, this);
    }

    @Override
    public Decoded decode(Volume volume) throws IOException {
        return decode(volume, Integer.MAX_VALUE);
    }

    /** Peels {@code most} layers at most. */
    Decoded decode(Volume volume, int most) throws IOException {
        var names = new ArrayList<String>();
        var facts = new ArrayList<Map<String, String>>();
        var here = volume;
        while (names.size() < most) {
            if (here.size() < 0) {
                here = new Peeked(here);
            }
            var format = recognise(here);
            if (format == null) {
                return new Decoded(here, names, facts);
            }
            if (names.size() == DEEPEST) {
                throw new VolumeException.Unsupported(volume, -1, "more than " + DEEPEST + " layers lie on one another");
            }
            here = format.service.open(here, this);
            names.add(format.text(Format.NAME));
            facts.add(here.as(imprint.api.Facts.class).map(imprint.api.Facts::facts).orElse(Map.of()));
            if (format.text(Format.LAYER).equals(Format.IMAGE)) {
                return new Decoded(here, names, facts);
            }
        }
        return new Decoded(here, names, facts);
    }

    private Held<Format> recognise(Volume volume) throws IOException {
        var head = Volumes.head(volume, Format.PROBE);
        var tail = Volumes.tail(volume, Format.PROBE);
        return leases.take(services.formats,
                held -> answer(held, () -> held.service.recognises(head.duplicate(), tail.duplicate())));
    }

    /** A bundle that fails at a question has said no: it must not keep the others from being asked. */
    private boolean answer(Held<?> held, BooleanSupplier question) {
        try {
            return question.getAsBoolean();
        } catch (RuntimeException | LinkageError e) {
            var name = held.text(Format.NAME);
            event(new Event.Warning((name.isEmpty() ? held.service.getClass().getName() : "format \"" + name + "\"")
                    + " was passed over, for it failed when it was asked (" + e + ")"));
            return false;
        }
    }

    @Override
    public Survey survey(Volume volume) throws IOException {
        var found = new ArrayList<Survey>();
        var names = new ArrayList<String>();
        for (var held : leases.takeAll(services.surveyors)) {
            var survey = held.service.survey(volume, this);
            if (survey.isPresent()) {
                found.add(survey.get());
                names.add(survey.get().facts().getOrDefault("type", held.service.getClass().getSimpleName()));
            }
        }
        if (found.size() == 1) {
            return found.getFirst();
        }
        var facts = new LinkedHashMap<String, String>();
        facts.put("type", found.isEmpty() ? "unknown" : "ambiguous: " + String.join(" and ", names));
        return new Survey() {
            @Override
            public Volume volume() {
                return volume;
            }

            @Override
            public List<Part> parts() {
                return List.of();
            }

            @Override
            public Map<String, String> facts() {
                return facts;
            }
        };
    }

    @Override
    public VolumeWriter create(URI place, Volume content, List<Layer> layers) throws IOException {
        return encode(store(place, content, layers), content, layers);
    }

    /** Begins the stored file. */
    VolumeWriter store(URI place, Volume content, List<Layer> layers) throws IOException {
        return sink(place).create(place, layers.isEmpty() ? content.size() : -1, this);
    }

    /** Lays content down in a stored file; closes the file when a layer cannot be made. */
    VolumeWriter encode(VolumeWriter stored, Volume content, List<Layer> layers) throws IOException {
        var writer = stored;
        try {
            for (int i = layers.size() - 1; i >= 0; i--) {
                var format = format(layers.get(i).name());
                writer = format.service.create(writer, i == 0 ? content : new Stream(content), layers.get(i).options(), this);
            }
            return writer;
        } catch (IOException | RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    @Override
    public Outcome copy(Volume from, VolumeWriter to, List<Layer> digests, boolean verify) throws IOException {
        long start = System.nanoTime();
        var taps = new LinkedHashMap<String, Tap>();
        for (var digest : digests) {
            taps.put(digest.name(), tap(digest));
        }
        var copy = new Copy("writing", from, to, taps, verify, false, this);
        copy.run();
        var written = to.finish(copy.size());
        var reasons = new ArrayList<String>();
        if (verify && written.isPresent()) {
            try (var back = written.get()) {
                copy.compare(back);
            }
        } else {
            reasons.add(verify ? to + " cannot be read back" : "it was asked not to be verified");
        }
        var values = new LinkedHashMap<String, String>();
        taps.values().forEach(tap -> values.putAll(tap.digests()));
        return new Outcome(reasons.isEmpty() ? Verdict.COMPLETE : Verdict.UNVERIFIED, copy.size(),
                Duration.ofNanos(System.nanoTime() - start), List.of(), copy.bad(), values, reasons, copy.slowest());
    }

    @Override
    public void close() {
        synchronized (this) {
            if (workers != null) {
                workers.shutdownNow();
                try {
                    workers.awaitTermination(LEAVE_MILLIS, TimeUnit.MILLISECONDS); // their work needs classes that are leased
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
        leases.close();
    }

    // ---- what the engine's own steps need

    boolean has(String format) {
        return leases.take(services.formats, each -> each.text(Format.NAME).equals(format)) != null;
    }

    /** The codec that writes names like this one. */
    Optional<String> codecEnding(String name) {
        return services.formats.all().stream().filter(each -> each.text(Format.LAYER).equals(Format.CODEC))
                .filter(each -> each.texts(Format.ENDINGS).stream().anyMatch(name::endsWith))
                .map(each -> each.text(Format.NAME)).findFirst();
    }

    Held<Format> format(String name) {
        var held = leases.take(services.formats, each -> each.text(Format.NAME).equals(name));
        if (held == null) {
            throw new IllegalArgumentException("no format is named \"" + name + "\"; installed are "
                    + names(services.formats.all().stream().map(each -> each.text(Format.NAME)).toList()));
        }
        return held;
    }

    Tap tap(Layer digest) {
        var held = leases.take(services.integrities, each -> each.texts(Integrity.NAMES).contains(digest.name()));
        if (held == null) {
            throw new IllegalArgumentException("no digest is named \"" + digest.name() + "\"; installed are "
                    + names(digests()));
        }
        return held.service.tap(digest.name(), digest.options(), this);
    }

    /** Names of all digests that are installed; a file that holds one ends in its name. */
    List<String> digests() {
        return services.integrities.all().stream().flatMap(each -> each.texts(Integrity.NAMES).stream()).toList();
    }

    List<Held<Integrity>> integrities() {
        return leases.takeAll(services.integrities);
    }

    Source source(URI place) {
        var held = leases.take(services.sources, each -> answer(each, () -> each.service.handles(place)));
        if (held == null) {
            throw new IllegalArgumentException("nothing that is installed can read from " + place);
        }
        return held.service;
    }

    Sink sink(URI place) {
        var held = leases.take(services.sinks, each -> answer(each, () -> each.service.handles(place)));
        if (held == null) {
            throw new IllegalArgumentException("nothing that is installed can write to " + place);
        }
        return held.service;
    }

    /** What stands at a place that can be read or, where it can only be written, what stands there to be written to. */
    Place inspect(URI place) throws IOException {
        var held = leases.take(services.sources, each -> each.service.handles(place));
        return held != null ? held.service.inspect(place) : sink(place).inspect(place);
    }

    FolderFiles folderOf(Path file) {
        return new FolderFiles(file, new FolderFiles.Opener() {
            @Override
            public Volume open(Path each) throws IOException {
                return EngineJob.this.open(each.toUri());
            }

            @Override
            public VolumeWriter create(Path each) throws IOException {
                return sink(each.toUri()).create(each.toUri(), -1, EngineJob.this);
            }
        });
    }

    static boolean isFile(URI place) {
        return "file".equals(place.getScheme());
    }

    static Path path(URI file) {
        return Path.of(file);
    }

    private static String names(List<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names.stream().distinct().sorted().toList());
    }

    /** What a codec under a format sees: bytes to come, of unknown length. */
    private record Stream(Volume content) implements Volume {
        @Override
        public long size() {
            return -1;
        }

        @Override
        public int read(long offset, ByteBuffer target) {
            throw new UnsupportedOperationException("a format does not read the content from here");
        }

        @Override
        public Extent extent(long offset) {
            return new Extent(offset, Long.MAX_VALUE - offset, Extent.Kind.DATA);
        }

        @Override
        public void close() {}

        @Override
        public String toString() {
            return content.toString();
        }
    }
}
