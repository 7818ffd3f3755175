package imprint.shell;

import imprint.api.Placeholder;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Holds the place of the command line; the launcher finds it by {@code imprint.main} and calls it once. */
@Component(service = Callable.class, property = "imprint.main=true")
@Command(name = "imprint")
public final class PlaceholderMain implements Callable<Integer> {
    private final String[] arguments;
    private final List<Placeholder> plugins;
    private final Function<String, String> engine;
    @Parameters(arity = "0..*") private List<String> words = List.of();

    @Activate public PlaceholderMain(
            @Reference(target = "(imprint.arguments=*)") Supplier<String[]> arguments,
            @Reference List<Placeholder> plugins,
            @Reference(target = "(imprint.engine=*)") Function<String, String> engine) {
        this.arguments = arguments.get();
        this.plugins = plugins;
        this.engine = engine;
    }

    @Override public Integer call() throws Exception {
        new CommandLine(this).parseArgs(arguments);
        switch (words.isEmpty() ? "shell" : words.getFirst()) {
            case "formats" -> System.out.println(engine.apply(""));
            case "status" -> {
                return Integer.parseInt(words.get(1));
            }
            case "sleep" -> {                        // ends by a signal: with a status, without one, or not in time
                System.out.println("sleeping");
                try {
                    Thread.sleep(60_000);
                } catch (InterruptedException e) {
                    if (words.size() > 1) {
                        return Integer.parseInt(words.get(1));
                    }
                    throw e;
                }
            }
            default -> System.err.println("imprint: nothing here yet but 'formats'; " + plugins.size() + " plugins");
        }
        return 0;
    }
}
