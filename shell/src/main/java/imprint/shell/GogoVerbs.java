package imprint.shell;

import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Every verb as a Gogo command in scope {@code imprint}, with the same words and options; there while Gogo is. */
@Component(service = {}, immediate = true)
public final class GogoVerbs {
    static final String SCOPE = "imprint";

    private final GogoProgram program;
    private final List<ServiceRegistration<?>> registered = new ArrayList<>();

    @Activate public GogoVerbs(@Reference GogoProgram program, BundleContext context) {
        this.program = program;
        for (String name : Verbs.NAMES) {
            if (!name.equals("shell")) {                          // one shell inside another helps nobody
                register(context, name, (session, words) -> run(name, words));
            }
        }
        register(context, "help", this::help);
    }

    private void register(BundleContext context, String name, Function command) {
        Dictionary<String, Object> properties = FrameworkUtil.asDictionary(Map.of(
                CommandProcessor.COMMAND_SCOPE, SCOPE, CommandProcessor.COMMAND_FUNCTION, name));
        registered.add(context.registerService(Function.class, command, properties));
    }

    @Deactivate void forget() {
        registered.forEach(ServiceRegistration::unregister);
    }

    private Object run(String name, List<Object> words) {
        var all = new ArrayList<String>(List.of(name));
        words.forEach(word -> all.add(String.valueOf(word)));
        return program.run(all.toArray(String[]::new));
    }

    /** Verbs explain themselves; the other commands are explained by Gogo, from their annotations. */
    private Object help(CommandSession session, List<Object> words) throws Exception {
        String word = words.isEmpty() ? "" : String.valueOf(words.getFirst());
        if (!word.isEmpty() && Verbs.named(word).isEmpty() && commands(session).contains(word)) {
            return session.execute("felix:help " + SCOPE + ":" + word);
        }
        run("help", words);
        if (words.isEmpty()) {
            var others = commands(session).stream().filter(name -> !Verbs.NAMES.contains(name)).sorted().toList();
            session.getConsole().println("\nIn the shell also (help COMMAND tells more): " + String.join(" ", others));
        }
        return null;
    }

    /** Names of the commands in our scope, for completion. */
    static List<String> commands(CommandSession session) {
        var names = new ArrayList<String>();
        if (session.get(".commands") instanceof Iterable<?> all) {
            for (Object each : all) {
                String name = String.valueOf(each);
                if (name.startsWith(SCOPE + ":")) {
                    names.add(name.substring(SCOPE.length() + 1));
                }
            }
        }
        return names;
    }
}
