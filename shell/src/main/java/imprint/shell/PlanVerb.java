package imprint.shell;

import imprint.api.Outcome;
import imprint.api.Plan;
import java.io.IOException;
import java.util.List;

/** A plan that was put together in the shell, run or only looked at as any verb is. */
final class PlanVerb extends Verb {
    private final Plan plan;

    /** @param name "run" or "check" */
    PlanVerb(String name, Plan plan) {
        super(name, "Carry out a plan.", List.of(), Takes.also(List.of(Option.DRY_RUN), Takes.JOB));
        this.plan = plan;
    }

    @Override List<Example> examples() {
        return List.of(new Example("run (write (encode (open /dev/sda2) zstd 9) laptop.img.zst)", ""));
    }

    @Override boolean writesStandardOutput(Arguments arguments) {
        return plan.target().filter(Locations.PIPE::equals).isPresent();
    }

    @Override Outcome run(Call call) throws IOException {
        return new PlanJob(call, List.of()).run(plan);
    }
}
