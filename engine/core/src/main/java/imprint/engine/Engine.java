package imprint.engine;

import imprint.api.Draft;
import imprint.api.Format;
import imprint.api.Imprint;
import imprint.api.Installed;
import imprint.api.Integrity;
import imprint.api.Outcome;
import imprint.api.Place;
import imprint.api.Plan;
import imprint.api.Sink;
import imprint.api.Source;
import imprint.api.Surveyor;
import imprint.api.Verdict;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Brings the services together. What is bound and unbound here at run time is what a job can use. */
@Component(service = Imprint.class)
public final class Engine implements Imprint {

    private final Services services = new Services();

    /** Begins with nothing installed; services arrive by the methods below. */
    @Activate
    public Engine() {}

    @Override
    public Session begin(Terms terms, Optional<URI> image) {
        return new EngineJob(services, terms, image);
    }

    @Override
    public Place inspect(URI place) throws IOException {
        try (var job = new EngineJob(services, Terms.quiet(), Optional.empty())) {
            return job.inspect(place);
        }
    }

    @Override
    public List<Place> places() throws IOException {
        try (var leases = new Registry.Leases()) {
            var all = new ArrayList<Place>();
            for (var held : leases.takeAll(services.sources)) {
                all.addAll(held.service.places());
            }
            return all;
        }
    }

    @Override
    public List<Installed> installed() {
        var all = new ArrayList<Installed>();
        for (var held : services.formats.all()) {
            all.add(new Installed(held.text(Format.NAME), held.text(Format.LAYER), held.texts(Format.ABILITIES),
                    held.texts(Format.ENDINGS), bundle(held.service)));
        }
        for (var held : services.integrities.all()) {
            for (var name : held.texts(Integrity.NAMES)) {
                all.add(new Installed(name, "digest", List.of("read", "write"), List.of("." + name), bundle(held.service)));
            }
        }
        all.sort(Comparator.comparing(Installed::kind).thenComparing(Installed::name));
        return all;
    }

    @Override
    public Draft check(Plan plan, Terms terms) throws IOException {
        try (var job = new EngineJob(services, terms, plan.target()); var run = new PlanRun(job, plan, versions())) {
            if (!run.readsOnce()) {
                run.open();
            }
            return run.draft();
        }
    }

    @Override
    public Outcome run(Plan plan, Terms terms) throws IOException {
        try (var job = new EngineJob(services, terms, plan.target()); var run = new PlanRun(job, plan, versions())) {
            run.open();
            return run.run();
        }
    }

    @Override
    public Outcome verify(URI image, Terms terms) throws IOException {
        try (var job = new EngineJob(services, terms, Optional.of(image))) {
            return new Verification(job, job.source(image).inspect(image)).run();
        }
    }

    @Override
    public Outcome compare(URI image, URI place, Terms terms) throws IOException {
        long start = System.nanoTime();
        try (var job = new EngineJob(services, terms, Optional.of(image))) {
            var what = job.source(image).inspect(image);
            Safety.exists(what);
            Safety.exists(job.source(place).inspect(place));
            try (var content = Images.decode(job, job.open(image), what).volume(); var other = job.open(place)) {
                var against = new Verification.Against(other);
                var copy = new Copy("comparing", content, against, Map.of(), false, false, job);
                copy.run();
                boolean longer = other.size() > copy.size() && job.source(place).inspect(place).kind() != Place.Kind.DEVICE;
                var reasons = new ArrayList<String>();
                if (against.first() != null) {
                    reasons.add(other + " differs from " + content + " first at offset " + against.first().offset() + ", in "
                            + against.differing() + " bytes at most");
                }
                if (longer) {
                    reasons.add(other + " has " + other.size() + " bytes, and " + content + " has " + copy.size());
                }
                return new Outcome(reasons.isEmpty() ? Verdict.COMPLETE : Verdict.FAILED, copy.size(),
                        Duration.ofNanos(System.nanoTime() - start), List.of(), List.of(), Map.of(), reasons, copy.slowest());
            }
        }
    }

    private Map<String, String> versions() {
        var versions = new TreeMap<String, String>();
        for (var each : installed()) {
            var name = each.bundle();
            int blank = name.indexOf(' ');
            if (blank > 0) {
                versions.put(name.substring(0, blank), name.substring(blank + 1));
            }
        }
        versions.put("java", System.getProperty("java.version"));
        var own = bundle(this);
        versions.put("imprint.engine", own.substring(own.indexOf(' ') + 1));
        return versions;
    }

    private static String bundle(Object service) {
        var bundle = FrameworkUtil.getBundle(service.getClass());
        return bundle == null ? "" : bundle.getSymbolicName() + " " + bundle.getVersion();
    }

    // ---- what comes and goes

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindSource(Source service, Map<String, Object> properties) {
        services.sources.add(service, properties);
    }

    void unbindSource(Source service) {
        services.sources.remove(service);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindSink(Sink service, Map<String, Object> properties) {
        services.sinks.add(service, properties);
    }

    void unbindSink(Sink service) {
        services.sinks.remove(service);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindFormat(Format service, Map<String, Object> properties) {
        services.formats.add(service, properties);
    }

    void unbindFormat(Format service) {
        services.formats.remove(service);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindSurveyor(Surveyor service, Map<String, Object> properties) {
        services.surveyors.add(service, properties);
    }

    void unbindSurveyor(Surveyor service) {
        services.surveyors.remove(service);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindIntegrity(Integrity service, Map<String, Object> properties) {
        services.integrities.add(service, properties);
    }

    void unbindIntegrity(Integrity service) {
        services.integrities.remove(service);
    }
}
