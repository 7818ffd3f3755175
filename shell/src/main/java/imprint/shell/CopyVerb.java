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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** A verb that is a {@link Plan}: SOURCE to TARGET. It differs from the others by {@link #plan} alone. */
abstract class CopyVerb extends Verb {
    private final Failure.Doing doing;
    private final boolean keeps;

    /**
     * @param doing what reading the source is
     * @param keeps whether the target becomes an image, with digests and manifest beside it
     */
    CopyVerb(String name, String summary, String source, Failure.Doing doing, boolean keeps, List<Option> options) {
        super(name, summary, List.of(source, "TARGET"), Takes.also(options, Takes.COPY));
        this.doing = doing;
        this.keeps = keeps;
    }

    /** What is to be done, but for the digests and the rules. */
    abstract Plan plan(Arguments arguments, URI source, URI target, Defaults defaults);

    /** Sentences that belong to this verb whatever its places are. */
    List<String> warnings(Arguments arguments) {
        return List.of();
    }

    @Override final boolean writesStandardOutput(Arguments arguments) {
        return arguments.place(1).map(place -> Locations.of(place).equals(Locations.PIPE)).orElse(false);
    }

    @Override final Outcome run(Call call) throws Exception {
        var imprint = call.imprint();
        var arguments = call.arguments();
        var terms = call.terms();                                 // a bad number is told before anything is touched
        Plan plan = complete(arguments, new Defaults(imprint.installed()));
        URI uri = plan.target().orElseThrow();
        Place target = imprint.inspect(uri);
        call.log().place("source", imprint.inspect(plan.source()));
        call.log().place("target", target);
        if (arguments.has(Option.PARTITION)) {
            refusePartition(call, plan, terms);
        }
        for (String warning : warnings(arguments)) {
            call.voice().event(new Event.Warning(warning));
        }
        if (arguments.has(Option.DRY_RUN)) {
            show(call, imprint.check(Confirmation.confirmed(plan), terms));
            return Call.done();
        }
        if (target.kind() == Place.Kind.DEVICE) {
            plan = new Confirmation(call).obtain(plan, target);
        }
        var begun = new AtomicBoolean();
        try {
            return imprint.run(plan, call.terms(event -> {
                if (event instanceof Event.Progress progress && !progress.phase().equals("reading") && progress.done() > 0) {
                    begun.set(true);
                }
            }));
        } catch (IOException | RuntimeException e) {
            throw new VerbFailed(Failure.of(e, doing, intact(target, uri, begun.get())), false);
        }
    }

    /** The plan with everything that options add. */
    final Plan complete(Arguments arguments, Defaults defaults) {
        URI source = Locations.of(arguments.place(0).orElseThrow());
        URI target = Locations.of(arguments.place(1).orElseThrow());
        Plan plan = plan(arguments, source, target, defaults);
        var usually = keeps ? Defaults.Otherwise.USUAL : Defaults.Otherwise.ASK;
        for (Layer digest : defaults.digests(arguments.value(Option.DIGEST), usually)) {
            plan = plan.digested(digest);
        }
        return plan.to(target).with(new Plan.Rules(!arguments.has(Option.NO_VERIFY), keeps, arguments.has(Option.OVERWRITE),
                arguments.has(Option.YES), arguments.value(Option.EXPECT_SERIAL),
                arguments.value(Option.ALLOW).map(Waivers::of).orElse(Set.of()), arguments.value(Option.NOTE).orElse("")));
    }

    /** A partition by number is told apart from one that is not there; taking one by itself comes with the tables. */
    private static void refusePartition(Call call, Plan plan, Imprint.Terms terms) throws IOException {
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

    private static void show(Call call, Draft draft) {
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
    private static String intact(Place target, URI uri, boolean begun) {
        String name = Locations.words(uri);
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
