package imprint.shell;

import imprint.api.Event;
import imprint.api.Imprint;
import imprint.api.Outcome;
import imprint.api.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;

/**
 * A verb being carried out: what it was given and whom it may talk to.
 *
 * @param bundles   where the shell lives; empty outside a framework
 * @param cancelled complete once the person wants it to end
 * @param log       what {@code --log} asked for; a log that swallows everything where it was not
 */
record Call(Arguments arguments, Imprint imprint, Voice voice, Terminal terminal, Optional<BundleContext> bundles,
        CompletableFuture<?> cancelled, JobLog log) {
    private static final long LEAST_MEMORY = 1 << 20;
    private static final int MOST_THREADS = 1024;

    /** What a job gets, its events told to the voice and to the log. */
    Imprint.Terms terms() {
        return terms(event -> { });
    }

    /** The same with one listener more. */
    Imprint.Terms terms(Consumer<Event> also) {
        var usual = Imprint.Terms.quiet();
        long threads = arguments.number(Option.THREADS, 1, MOST_THREADS).orElse((long) usual.threads());
        long memory = arguments.size(Option.MEMORY).orElse(usual.memory());
        if (memory < LEAST_MEMORY) {
            throw new IllegalArgumentException("--memory " + arguments.value(Option.MEMORY).orElse("")
                    + " is less than the " + Sizes.words(LEAST_MEMORY) + " that any job needs");
        }
        return new Imprint.Terms((int) threads, memory, event -> {
            also.accept(event);
            log.event(event);
            voice.event(event);
        }, cancelled::isDone);
    }

    /** The outcome of a verb that copies nothing. */
    static Outcome done() {
        return new Outcome(Verdict.COMPLETE, 0, Duration.ZERO, List.of(), List.of(), Map.of(), List.of(), "");
    }

    /** As JSON and reports have it: lower case, words joined by hyphens, in every locale. */
    static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
