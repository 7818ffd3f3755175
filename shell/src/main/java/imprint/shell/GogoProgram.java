package imprint.shell;

import imprint.api.Imprint;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Process;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The program as Gogo's commands call it. Gogo runs them on threads of its own, which hear no interrupt of the one that
 * waits for them: so that a person or a signal can end them, it is known here which they are.
 */
@Component(service = GogoProgram.class)
public final class GogoProgram {
    private final Program program;
    private final Set<Thread> running = new HashSet<>();

    @Activate public GogoProgram(@Reference CommandProcessor gogo, @Reference Imprint imprint, BundleContext context) {
        this.program = new Program(imprint, Optional.of(context), Terminal.system(), System::nanoTime);
    }

    /** Ends the line when the verb comes to less than success: its status is the line's. */
    Object run(String... words) {
        return orFail(() -> program.run(streams(), words));
    }

    /** The same for a verb at hand. */
    Object run(Verb verb, List<String> words) {
        return orFail(() -> program.run(streams(), verb, words));
    }

    /** Ends what runs, and returns when it has tidied up. */
    void end() {
        synchronized (running) {
            running.forEach(Thread::interrupt);
            while (!running.isEmpty()) {
                try {
                    running.wait();
                } catch (InterruptedException e) {
                    // asked twice: it is ending already
                }
            }
        }
    }

    private Object orFail(java.util.function.Supplier<Program.Ending> work) {
        synchronized (running) {
            running.add(Thread.currentThread());
        }
        try {
            work.get().failure().ifPresent(failure -> {
                throw new VerbFailed(failure, true);
            });
            return null;
        } finally {
            synchronized (running) {
                running.remove(Thread.currentThread());
                running.notifyAll();
            }
        }
    }

    /** Those of the running command, so that {@code disks | grep usb} works. */
    private static Streams streams() {
        Process process = Process.Utils.current();
        return process == null ? Streams.system() : new Streams(process.out(), process.err());
    }
}
