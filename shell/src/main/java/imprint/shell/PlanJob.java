package imprint.shell;

import imprint.api.Draft;
import imprint.api.Event;
import imprint.api.Imprint;
import imprint.api.Layer;
import imprint.api.Outcome;
import imprint.api.Place;
import imprint.api.Plan;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** A plan between the person and the engine: shown, confirmed, run; and what is known of the target if it fails. */
final class PlanJob {
    private final Call call;
    private final List<String> warnings;

    /** @param warnings told before anything is begun */
    PlanJob(Call call, List<String> warnings) {
        this.call = call;
        this.warnings = warnings;
    }

    Outcome run(Plan unconfirmed) throws IOException {
        var arguments = call.arguments();
        var terms = call.terms();                                 // a bad number is told before anything is touched
        URI uri = unconfirmed.target().orElseThrow(() ->
                new IllegalArgumentException("the plan has no end; \"write\" gives it one"));
        Place target = target(uri);
        call.log().place("source", call.imprint().inspect(unconfirmed.source()));
        call.log().place("target", target);
        if (arguments.has(Option.PARTITION)) {
            refusePartition(unconfirmed, terms);
        }
        for (String warning : warnings) {
            call.voice().event(new Event.Warning(warning));
        }
        var begun = new AtomicBoolean();
        try {
            if (arguments.has(Option.DRY_RUN)) {
                show(call.imprint().check(Confirmation.confirmed(unconfirmed), terms));
                return Call.done();
            }
            Plan plan = target.kind() == Place.Kind.DEVICE ? new Confirmation(call).obtain(unconfirmed, target) : unconfirmed;
            return call.imprint().run(plan, call.terms(event -> {
                if (event instanceof Event.Progress progress && progress.done() > 0) {
                    begun.set(true);
                }
            }));
        } catch (IOException | RuntimeException e) {
            var doing = unconfirmed.decode() ? Failure.Doing.READING_IMAGE : Failure.Doing.READING_DISK;
            throw new VerbFailed(Failure.of(e, doing, intact(target, uri, begun.get())), false);
        }
    }

    /** Only what a path leads to can be a device; the engine inspects the others as what they are read from. */
    private Place target(URI uri) throws IOException {
        if ("file".equals(uri.getScheme())) {
            return call.imprint().inspect(uri);
        }
        return new Place(uri, Locations.words(uri), Place.Kind.STREAM, -1, 1, Long.MAX_VALUE, Long.MAX_VALUE, Map.of(), List.of(),
                Set.of(), Set.of());
    }

    /** A partition that is not there is told apart from one that cannot be taken out by itself yet. */
    private void refusePartition(Plan plan, Imprint.Terms terms) throws IOException {
        long number = call.arguments().number(Option.PARTITION, 1, 1 << 20).orElseThrow();
        String name = Locations.words(plan.source());
        try (var session = call.imprint().begin(terms, Optional.of(plan.source()));
                var volume = session.open(plan.source())) {
            var survey = session.survey(plan.decode() ? session.decode(volume).volume() : volume);
            if (survey.parts().stream().noneMatch(part -> part.number() == number)) {
                throw new IllegalArgumentException(name + " has no partition " + number + "; "
                        + (survey.parts().isEmpty() ? "no partition table that is understood here was found on it"
                                : "there are " + String.join(", ", survey.parts().stream().map(p -> "" + p.number()).toList())));
            }
        }
        throw new IllegalArgumentException("taking partition " + number + " out of " + name
                + " by itself is not in this version; leave --partition out");
    }

    /** Whether another file stands there than before: what failed then came after the last step of the file itself. */
    private boolean isReplaced(Place before) {
        if (before.kind() != Place.Kind.ABSENT && before.kind() != Place.Kind.FILE) {
            return false;
        }
        try {
            var now = call.imprint().inspect(before.uri());
            return now.kind() == Place.Kind.FILE && !now.same(before);
        } catch (IOException | RuntimeException unknown) {
            return false;
        }
    }

    private void show(Draft draft) {
        var plan = draft.plan();
        var facts = new LinkedHashMap<String, Object>();
        facts.put("source", Identity.facts(draft.source()));
        facts.put("peeled", draft.layers());
        facts.put("target", Identity.facts(draft.target()));
        facts.put("layers", plan.layers().stream().map(Layer::name).toList());
        facts.put("digests", plan.digests().stream().map(Layer::name).toList());
        facts.put("bytes", draft.size());
        facts.put("read", draft.toRead());
        facts.put("at most", draft.atMost());
        facts.put("verify", plan.rules().verify());
        facts.put("remarks", draft.remarks());
        call.voice().result("plan", facts, PlanText.of(draft));
    }

    /** What is known of the target after a failure. */
    private String intact(Place target, URI uri, boolean begun) {
        String name = Locations.words(uri);
        if (isReplaced(target)) {
            return name + " has its new content already, but not all that belongs beside it: make it anew with --overwrite";
        }
        return switch (target.kind()) {
            case DEVICE -> begun ? name + " now holds an incomplete copy and must be written anew before it is used"
                    : "nothing was written to " + name;
            case FILE -> name + " is as it was before";
            case ABSENT -> "no file bears the name " + name;
            case STREAM -> begun ? "what was sent is incomplete" : "";
            case FOLDER -> "";
        };
    }
}
