package imprint.shell;

import imprint.api.Layer;
import imprint.api.Outcome;
import imprint.api.Plan;
import java.net.URI;
import java.util.List;
import java.util.Set;

/** A verb that is a {@link Plan}: SOURCE to TARGET. It differs from the others by {@link #plan} alone. */
abstract class CopyVerb extends Verb {
    private final boolean keeps;

    /** @param keeps whether the target becomes an image, with digests and manifest beside it */
    CopyVerb(String name, String summary, String source, boolean keeps, List<Option> options) {
        super(name, summary, List.of(source, "TARGET"), Takes.also(options, Takes.COPY));
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
        Plan plan = complete(call.arguments(), new Defaults(call.imprint().installed()));
        return new PlanJob(call, warnings(call.arguments())).run(plan);
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
        return plan.to(target).with(rules(arguments, keeps));
    }

    /** What options waive and ask for. */
    static Plan.Rules rules(Arguments arguments, boolean keeps) {
        return new Plan.Rules(!arguments.has(Option.NO_VERIFY), keeps, arguments.has(Option.OVERWRITE), arguments.has(Option.YES),
                arguments.value(Option.EXPECT_SERIAL), arguments.value(Option.ALLOW).map(Waivers::of).orElse(Set.of()),
                arguments.value(Option.NOTE).orElse(""));
    }
}
