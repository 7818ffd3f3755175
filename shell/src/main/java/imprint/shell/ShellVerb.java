package imprint.shell;

import imprint.api.Outcome;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleContext;

/** The Gogo shell: interactive, or a script. */
final class ShellVerb extends Verb {
    ShellVerb() {
        super("shell", "Open the interactive shell, or run a script of its commands; - reads one from standard input.",
                List.of("[SCRIPT]"), List.of(Option.QUIET, Option.VERBOSE, Option.LOG, Option.HELP));
    }

    @Override List<Example> examples() {
        return List.of(new Example("imprint shell", ""), new Example("imprint shell nightly.gogo", "ends at the first line that fails, with its status"));
    }

    @Override Outcome run(Call call) throws Exception {
        Scripts scripts = call.bundles().flatMap(ShellVerb::scripts).orElseThrow(() -> new IllegalArgumentException(
                "the shell needs the Gogo bundles, and they are not running; every other command works without them"));
        var script = call.arguments().place(0);
        if (script.isPresent()) {
            scripts.run(script.get());
        } else {
            scripts.converse(call.terminal().isInteractive());
        }
        return Call.done();
    }

    private static Optional<Scripts> scripts(BundleContext context) {
        var reference = context.getServiceReference(Scripts.class);
        return Optional.ofNullable(reference == null ? null : context.getService(reference));
    }
}
