package imprint.shell;

import imprint.api.Draft;
import imprint.api.Event;
import imprint.api.Imprint;
import imprint.api.Installed;
import imprint.api.Outcome;
import imprint.api.Place;
import imprint.api.Plan;
import imprint.api.Verdict;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An Imprint that moves nothing: it says what stands where, notes what it is asked, and ends as it is told to. */
final class Workbench implements Imprint {
    static final List<Installed> INSTALLED = List.of(
            new Installed("zstd", "codec", List.of("read", "write", "seek"), List.of(".zst"), "imprint.zstd 1"),
            new Installed("gzip", "codec", List.of("read", "write"), List.of(".gz"), "imprint.gzip 1"),
            new Installed("old", "codec", List.of("read"), List.of(".lzo"), "imprint.old 1"),
            new Installed("raw", "image", List.of("read", "write", "seek"), List.of(".img", ".raw", ".dd", ".iso"), "imprint.raw 1"),
            new Installed("qcow2", "image", List.of("read", "write", "seek"), List.of(".qcow2"), "imprint.qcow2 1"),
            new Installed("partclone", "image", List.of("read", "write", "seek"), List.of(), "imprint.partclone 1"),
            new Installed("md5", "digest", List.of("read", "write"), List.of(".md5"), "imprint.hash 1"),
            new Installed("sha256", "digest", List.of("read", "write"), List.of(".sha256"), "imprint.hash 1"));

    /** What a job does here. */
    interface Work {
        Outcome on(Plan plan, Terms terms) throws IOException;
    }

    final List<Plan> run = new ArrayList<>();
    final List<Plan> checked = new ArrayList<>();
    final List<Place> attached = new ArrayList<>();
    Work work = (plan, terms) -> {
        terms.listener().accept(new Event.Progress("writing", 1_000_000, 2_000_000, 0, "zstd"));
        return outcome(Verdict.COMPLETE);
    };

    static Outcome outcome(Verdict verdict, String... reasons) {
        return new Outcome(verdict, 2_000_000, Duration.ofMillis(500), List.of("b.img"), List.of(), Map.of("sha256", "ab12"),
                List.of(reasons), "zstd");
    }

    static Place disk(String name, String serial) {
        var facts = new java.util.LinkedHashMap<String, String>();
        facts.put("model", "ACME SSD 480");
        if (!serial.isEmpty()) {
            facts.put("serial", serial);
        }
        facts.put("holds", "GPT, 1 partition, ntfs \"DATA\"");
        return new Place(URI.create("file://" + name), name, Place.Kind.DEVICE, 480103981056L, 512, 480103981056L, Long.MAX_VALUE,
                facts, List.of(), Set.of(name), Set.of());
    }

    @Override public Place inspect(URI place) {
        return attached.stream().filter(p -> p.uri().getPath().equals(place.getPath())).findFirst().orElse(new Place(place,
                place.toString(), Place.Kind.ABSENT, -1, 1, Long.MAX_VALUE, Long.MAX_VALUE, Map.of(), List.of(), Set.of(), Set.of()));
    }

    @Override public List<Place> places() {
        return attached;
    }

    @Override public List<Installed> installed() {
        return INSTALLED;
    }

    @Override public Draft check(Plan plan, Terms terms) {
        checked.add(plan);
        return new Draft(plan, inspect(plan.source()), inspect(plan.target().orElseThrow()), List.of("zstd"), 2_000_000, 1_000_000,
                2_000_000, List.of("a remark"));
    }

    @Override public Outcome run(Plan plan, Terms terms) throws IOException {
        run.add(plan);
        return work.on(plan, terms);
    }

    @Override public Outcome verify(URI image, Terms terms) throws IOException {
        return work.on(Plan.open(image), terms);
    }

    @Override public Outcome compare(URI image, URI place, Terms terms) throws IOException {
        return work.on(Plan.open(image).to(place), terms);
    }

    @Override public Session begin(Terms terms, Optional<URI> image) {
        throw new UnsupportedOperationException("nothing can be opened on this bench");
    }
}
