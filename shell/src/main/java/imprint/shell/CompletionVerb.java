package imprint.shell;

import imprint.api.Outcome;
import java.util.List;
import java.util.Map;

/** For the person's own shell. */
final class CompletionVerb extends Verb {
    CompletionVerb() {
        super("completion", "Print a completion script for bash.", List.of("SHELL"), List.of(Option.HELP));
    }

    @Override List<Example> examples() {
        return List.of(new Example("source <(imprint completion bash)", ""));
    }

    @Override Outcome run(Call call) {
        String shell = call.arguments().place(0).orElseThrow();
        if (!shell.equals("bash")) {
            throw new IllegalArgumentException("there is a completion script for bash only, not for \"" + shell + "\"");
        }
        call.voice().result("completion", Map.of(), Grammar.completion(Verbs.all()));
        return Call.done();
    }
}
