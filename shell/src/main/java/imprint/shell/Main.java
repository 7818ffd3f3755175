package imprint.shell;

import imprint.api.Imprint;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What the launcher calls once: the command line. */
@Component(service = Callable.class, property = "imprint.main=true")
public final class Main implements Callable<Integer> {
    private final String[] arguments;
    private final Program program;

    @Activate public Main(@Reference(target = "(imprint.arguments=*)") Supplier<String[]> arguments, @Reference Imprint imprint,
            BundleContext context) {
        this.arguments = arguments.get();
        this.program = new Program(imprint, Optional.of(context), Terminal.system(), System::nanoTime);
    }

    /** @return the exit status; null where a signal ends us and its number is not known here */
    @Override public Integer call() {
        int status = program.run(Streams.system(), arguments.length == 0 ? new String[] {"shell"} : arguments).status();
        return status == Signals.status() && !Signals.isKnown() ? null : status;
    }
}
