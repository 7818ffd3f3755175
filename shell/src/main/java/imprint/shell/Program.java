package imprint.shell;

import imprint.api.CancelledException;
import imprint.api.Imprint;
import imprint.api.Outcome;
import imprint.api.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.osgi.framework.BundleContext;

/** From the words of a command line to its exit status. The command line, Gogo and the tests all enter here. */
final class Program {
    /** Within it a cancelled job tidies up; less than the launcher grants after a signal. */
    private static final Duration LEAVE = Duration.ofSeconds(6);

    private final Imprint imprint;
    private final Optional<BundleContext> bundles;
    private final Terminal terminal;
    private final LongSupplier nanos;

    Program(Imprint imprint, Optional<BundleContext> bundles, Terminal terminal, LongSupplier nanos) {
        this.imprint = imprint;
        this.bundles = bundles;
        this.terminal = terminal;
        this.nanos = nanos;
    }

    /** What a verb came to, told already. */
    record Ending(int status, Optional<Failure> failure) {}

    private static final Ending GOOD = new Ending(Verdict.COMPLETE.status(), Optional.empty());

    /** Carries out one command; an interrupt of this thread cancels it. Never throws for what the command does. */
    Ending run(Streams streams, String... arguments) {
        List<String> words = List.of(arguments);
        try {
            return isHelp(words, streams) ? GOOD : run(streams, verb(words.getFirst()), words.subList(1, words.size()));
        } catch (IllegalArgumentException e) {
            return misunderstood(streams, words.getFirst(), words, e);
        }
    }

    /** The same for a verb that is at hand. */
    Ending run(Streams streams, Verb verb, List<String> words) {
        Instant began = Instant.now();
        Arguments arguments;
        try {
            // Nothing to read needs no reader: picocli's classes are older than any cache takes and cost a tenth of a start.
            arguments = words.isEmpty() && verb.parameters().isEmpty() ? new Arguments(verb, Map.of(), List.of())
                    : Grammar.parse(verb, words);
            if (arguments.has(Option.HELP)) {
                print(streams, Grammar.help(verb));
                return GOOD;
            }
        } catch (IllegalArgumentException e) {
            return misunderstood(streams, verb.name(), words, e);
        }
        return run(streams, words, began, arguments);
    }

    /** Which options hold is not known: --json is honoured wherever it stands, and a pipe is spared. */
    private Ending misunderstood(Streams streams, String verb, List<String> words, IllegalArgumentException e) {
        var safe = new Streams(words.contains("-") ? streams.err() : streams.out(), streams.err());
        try (Voice voice = words.contains("--json") ? new JsonVoice(safe.out(), false, nanos) : plain(safe, words)) {
            return fail(voice, JobLog.none(), verb, Instant.now(), Failure.of(e, Failure.Doing.LOOKING, ""));
        }
    }

    private Ending run(Streams streams, List<String> words, Instant began, Arguments arguments) {
        Verb verb = arguments.verb();
        Voice opened = null;
        JobLog log = JobLog.none();
        try {
            opened = voice(streams, arguments);
            log = openLog(arguments);
        } catch (Exception e) {
            try (Voice voice = opened != null ? opened : plain(streams, words)) {
                return fail(voice, log, verb.name(), began, Failure.of(e, Failure.Doing.LOOKING, ""));
            }
        }
        try (Voice voice = opened; JobLog kept = log) {
            if (arguments.has(Option.LOG)) {
                kept.command(verb.name(), words, Versions.of(bundles, imprint.installed()));
            }
            try {
                Outcome outcome = carryOut(verb, new Call(arguments, imprint, voice, terminal, bundles, new CompletableFuture<>(), kept));
                var summary = Summary.of(verb.name(), began, Instant.now(), outcome);
                kept.summary(summary);
                voice.summary(summary);
                return new Ending(summary.status(), Optional.of(new Failure(outcome.verdict(), summary.status(),
                        outcome.reasons().isEmpty() ? Call.name(outcome.verdict()) : String.join("; ", outcome.reasons()), null))
                                .filter(f -> f.status() != 0));
            } catch (Throwable e) {
                return fail(voice, kept, verb.name(), began, Failure.of(e, Failure.Doing.LOOKING, ""));
            }
        } catch (java.io.IOException e) {
            streams.err().println(Grammar.PROGRAM + ": the log could not be closed: " + e.getMessage());
            return new Ending(Verdict.FAILED.status(), Optional.of(Failure.of(e, Failure.Doing.LOOKING, "")));
        }
    }

    /**
     * On a thread of its own: an interrupt would close the channels that the engine works on, so that it arrives there as
     * a word and not as an interrupt. One that does not end by itself, since it sits in a call that never returns such as
     * opening a pipe that nobody writes to, is left behind.
     */
    private static Outcome carryOut(Verb verb, Call call) throws Throwable {
        if (verb instanceof ShellVerb) {
            return verb.run(call);                                // its lines come back here, each with a thread of its own
        }
        var task = new FutureTask<>(() -> verb.run(call));
        Thread.ofPlatform().name("imprint-" + verb.name()).start(task);
        long leftAt = Long.MAX_VALUE;
        while (true) {
            try {
                return task.get(leftAt == Long.MAX_VALUE ? leftAt : leftAt - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                if (call.cancelled().complete(null)) {
                    leftAt = System.nanoTime() + LEAVE.toNanos();
                }
            } catch (TimeoutException e) {
                throw new CancelledException();
            } catch (ExecutionException e) {
                // Cancelling is felt as many things; what the person did is the reason.
                throw call.cancelled().isDone() && e.getCause() instanceof java.io.InterruptedIOException
                        ? new CancelledException() : e.getCause();
            }
        }
    }

    private static Ending fail(Voice voice, JobLog log, String verb, Instant began, Failure failure) {
        if (!(failure.cause() instanceof VerbFailed told && told.isTold())) {
            log.failure(failure);
            voice.error(failure);
        }
        var summary = Summary.of(verb, began, Instant.now(), failure);
        log.summary(summary);
        if (voice instanceof JsonVoice) {
            voice.summary(summary);                               // people have read the sentence already
        }
        return new Ending(failure.status(), Optional.of(failure));
    }

    private static Verb verb(String name) {
        if (name.startsWith("-")) {
            throw new IllegalArgumentException("the command comes first, then " + name + "; \"imprint --help\" lists the commands");
        }
        return Verbs.named(name).orElseThrow(() -> new IllegalArgumentException(
                "there is no command \"" + name + "\"; there are " + String.join(", ", Verbs.NAMES)));
    }

    private boolean isHelp(List<String> words, Streams streams) {
        String first = words.isEmpty() ? "--help" : words.getFirst();
        switch (first) {
            case "--help", "-h", "help" -> print(streams,
                    words.size() > 1 ? Grammar.help(verb(words.get(1))) : Grammar.help(Verbs.all()));
            case "--version", "-V" -> print(streams, String.join("\n", Versions.of(bundles, imprint.installed()).lines()) + "\n");
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void print(Streams streams, String words) {
        streams.out().print(words);
        streams.out().flush();
    }

    private JobLog openLog(Arguments arguments) throws java.io.IOException {
        return arguments.has(Option.LOG) ? JobLog.at(Path.of(arguments.value(Option.LOG).orElseThrow()), InstantSource.system())
                : JobLog.none();
    }

    private Voice voice(Streams streams, Arguments arguments) {
        var results = arguments.verb().writesStandardOutput(arguments) ? streams.err() : streams.out();
        String how = arguments.value(Option.PROGRESS).orElse("auto");
        if (!List.of("auto", "tty", "lines", "json", "none").contains(how)) {
            throw new IllegalArgumentException("--progress takes auto, tty, lines, json or none, not \"" + how + "\"");
        }
        boolean quiet = arguments.has(Option.QUIET);
        if (arguments.has(Option.JSON)) {
            return new JsonVoice(results, !quiet && !how.equals("none"), nanos);
        }
        var mode = switch (how) {
            case "tty" -> PlainVoice.Progress.TTY;
            case "lines" -> PlainVoice.Progress.LINES;
            case "json" -> PlainVoice.Progress.JSON;
            case "none" -> PlainVoice.Progress.NONE;
            default -> terminal.showsProgress() ? PlainVoice.Progress.TTY : PlainVoice.Progress.LINES;
        };
        boolean measures = mode == PlainVoice.Progress.TTY && !quiet && arguments.verb().options().contains(Option.PROGRESS);
        return new PlainVoice(results, streams.err(), mode, quiet, arguments.has(Option.VERBOSE),
                measures ? terminal.width() : SystemTerminal.USUAL_WIDTH, nanos);
    }

    private Voice plain(Streams streams, List<String> words) {
        return new PlainVoice(streams.out(), streams.err(), PlainVoice.Progress.NONE, false, words.contains("-v"),
                SystemTerminal.USUAL_WIDTH, nanos);
    }
}
