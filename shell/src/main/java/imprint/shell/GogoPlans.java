package imprint.shell;

import imprint.api.Imprint;
import imprint.api.Layer;
import imprint.api.Outcome;
import imprint.api.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Plans put together by hand: each command returns one, {@code run} carries it out. They pass by reference; content never
 * goes through Gogo's pipes.
 *
 * <pre>
 * run (write (digest (encode (open /dev/sda2) zstd 9) sha256) laptop.img.zst)
 * p = (encode (open a.img) gzip)
 * show $p
 * </pre>
 */
@Component(service = GogoPlans.class, property = {"osgi.command.scope=imprint", "osgi.command.function=open",
        "osgi.command.function=decode", "osgi.command.function=encode", "osgi.command.function=digest",
        "osgi.command.function=write", "osgi.command.function=show", "osgi.command.function=check", "osgi.command.function=run"})
public final class GogoPlans {
    private final Imprint imprint;
    private final GogoProgram program;

    @Activate public GogoPlans(@Reference Imprint imprint, @Reference GogoProgram program) {
        this.imprint = imprint;
        this.program = program;
    }

    @Descriptor("begins a plan: the bytes of a place as they are")
    public Plan open(@Descriptor("path, - or URI") String place) {
        return Plan.open(Locations.of(place));
    }

    @Descriptor("takes codecs and image format off the source")
    public Plan decode(@Descriptor("a plan") Plan plan) {
        return plan.decoded();
    }

    @Descriptor("lays the content down in one format or codec more; \"formats\" lists them")
    public Plan encode(@Descriptor("a plan") Plan plan, @Descriptor("format or codec") String name,
            @Descriptor("a level, or key=value …") String... options) {
        var given = new LinkedHashMap<String, String>(new Defaults(imprint.installed()).layer(name).options());
        for (String option : options) {
            int sign = option.indexOf('=');
            if (sign == 0) {
                throw new IllegalArgumentException("encode takes a level or key=value, not \"" + option + "\"");
            }
            given.put(sign < 0 ? "level" : option.substring(0, sign), option.substring(sign + 1));
        }
        return plan.encoded(new Layer(name, given));
    }

    @Descriptor("takes one digest more")
    public Plan digest(@Descriptor("a plan") Plan plan, @Descriptor("such as sha256") String name) {
        Plan digested = plan;
        for (Layer layer : new Defaults(imprint.installed()).digests(Optional.of(name), Defaults.Otherwise.ASK)) {
            digested = digested.digested(layer);
        }
        return digested;
    }

    @Descriptor("ends a plan at a place; nothing is written yet")
    public Plan write(@Descriptor("a plan") Plan plan, @Descriptor("path, - or URI") String place,
            @Descriptor("--overwrite --yes --expect-serial SERIAL --no-verify --allow NAMES --note TEXT") String... rules) {
        var words = new ArrayList<String>(List.of(place));
        words.addAll(List.of(rules));
        var arguments = Grammar.parse(new Write(), words);
        // Evidence lies beside images; a plain copy of a disk gets some when it is asked for.
        boolean keeps = !plan.layers().isEmpty() || !plan.digests().isEmpty();
        return plan.to(Locations.of(arguments.place(0).orElseThrow())).with(CopyVerb.rules(arguments, keeps));
    }

    @Descriptor("shows a plan")
    public String show(@Descriptor("a plan") Plan plan) {
        return Text.clean(PlanText.of(plan)).stripTrailing();
    }

    @Descriptor("checks all that can be checked without writing, and shows what would happen")
    public Object check(@Descriptor("a plan") Plan plan) {
        return program.run(new PlanVerb("check", plan), List.of(Option.DRY_RUN.flag));
    }

    @Descriptor("carries out a plan")
    public Object run(@Descriptor("a plan") Plan plan, @Descriptor("--json --quiet --threads N …") String... options) {
        return program.run(new PlanVerb("run", plan), List.of(options));
    }

    /** How the words after {@code write} are read. */
    private static final class Write extends Verb {
        Write() {
            super("write", "End a plan at a place.", List.of("PLACE"), List.of(Option.OVERWRITE, Option.YES, Option.EXPECT_SERIAL,
                    Option.NO_VERIFY, Option.ALLOW, Option.NOTE));
        }

        @Override List<Example> examples() {
            return List.of();
        }

        @Override Outcome run(Call call) {
            throw new IllegalStateException("write only ends a plan");
        }
    }
}
