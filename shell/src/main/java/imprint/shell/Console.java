package imprint.shell;

import imprint.api.Plan;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.felix.gogo.runtime.CommandNotFoundException;
import org.apache.felix.gogo.runtime.EOFError;
import org.apache.felix.gogo.runtime.Parser;
import org.apache.felix.gogo.runtime.SyntaxError;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Lines of Gogo, from a script or from a person. */
@Component(service = Scripts.class)
public final class Console implements Scripts {
    /** Where Gogo leaves the exception of an early stage of a pipe, instead of throwing it. */
    private static final String PIPE_EXCEPTION = "pipe-exception";

    private static final String COERCE = "Cannot coerce";
    private static final Pattern ASSIGNMENT = Pattern.compile("\\s*\\w+\\s*=");
    private static final long LOOK_MILLIS = 250;
    private static final int LOOKS = 8;

    private final CommandProcessor gogo;
    private final GogoProgram program;

    /** Told when a job changes. Gogo tells it with the job's lock held, so whoever holds it must not ask about a job. */
    private final Object changes = new Object();

    @Activate public Console(@Reference CommandProcessor gogo, @Reference GogoProgram program) {
        this.gogo = gogo;
        this.program = program;
    }

    @Override public void run(String script) throws IOException {
        String text;
        if (script.equals("-")) {
            text = new String(new FileInputStream(FileDescriptor.in).readAllBytes(), StandardCharsets.UTF_8);
        } else {
            text = Files.readString(Path.of(script));
        }
        try (CommandSession session = session(InputStream.nullInputStream())) {
            var statement = new StringBuilder();
            int number = 0;
            for (String line : text.lines().toList()) {
                number++;
                if (number == 1 && line.startsWith("#!")) {
                    continue;
                }
                statement.append(line).append('\n');
                if (isWhole(statement, script, number)) {
                    execute(session, statement.toString(), script + ", line " + number + ": ");
                    statement.setLength(0);
                }
            }
            if (!statement.isEmpty()) {
                throw new IllegalArgumentException(script + ": the last statement is not closed");
            }
        }
    }

    @Override public void converse(boolean person) throws IOException {
        if (!person) {
            run("-");
            return;
        }
        try (CommandSession session = session(new FileInputStream(FileDescriptor.in))) {
            new Conversation(session, this).hold();
        }
    }

    /** Streams on the descriptors: System.out is Gogo's own by now, and would lead back to itself. */
    private CommandSession session(InputStream in) {
        var session = gogo.createSession(in, new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err));
        session.setJobListener((job, was, now) -> {
            synchronized (changes) {
                changes.notifyAll();
            }
        });
        session.put("SCOPE", GogoVerbs.SCOPE + ":*");
        session.put(CommandSession.OPTION_NO_GLOB, true);         // places are names, not patterns
        return session;
    }

    /** Runs one statement and prints what it returns. @throws VerbFailed it failed; told already where a verb did it */
    void execute(CommandSession session, String statement, String where) {
        session.put(PIPE_EXCEPTION, null);
        try {
            Object result = session.execute(statement);
            if (session.get(PIPE_EXCEPTION) instanceof Exception early) {
                throw early;
            }
            if (result != null && !ASSIGNMENT.matcher(statement).lookingAt()) {
                System.out.println(Text.clean(result instanceof Plan plan ? PlanText.of(plan).stripTrailing()
                        : String.valueOf(session.format(result, Converter.INSPECT))));
                System.out.flush();
            }
        } catch (VerbFailed e) {
            throw e;
        } catch (InterruptedException e) {
            end(session);
            throw new VerbFailed(Failure.of(e, Failure.Doing.LOOKING, ""), true);
        } catch (Exception e) {
            throw failed(where, e);
        }
    }

    /** Ends the job, and waits until Gogo has seen it end: it takes no other line before. */
    private void end(CommandSession session) {
        program.end();
        for (int look = 0; look < LOOKS && session.foregroundJob() != null; look++) {
            synchronized (changes) {
                try {
                    changes.wait(LOOK_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private static VerbFailed failed(String where, Exception thrown) {
        Throwable reason = reason(thrown);
        if (reason instanceof VerbFailed verb) {
            return verb;
        }
        String message = String.valueOf(reason.getMessage());
        var failure = Failure.of(switch (reason) {
            case CommandNotFoundException e ->
                new IllegalArgumentException("there is no command \"" + e.getCommand() + "\"; help lists them", e);
            case SyntaxError e -> new IllegalArgumentException("this is no sentence of the shell: " + message, e);
            case IllegalArgumentException e when message.startsWith(COERCE) -> new IllegalArgumentException(
                    "these are not the words that the command takes (" + message + "); help COMMAND tells which", e);
            default -> reason;
        }, Failure.Doing.LOOKING, "");
        return new VerbFailed(new Failure(failure.verdict(), failure.status(), where + failure.sentence(), thrown), false);
    }

    /** Gogo hangs what the stages of a pipe threw on an exception of its own. */
    private static Throwable reason(Exception thrown) {
        Throwable[] stages = thrown.getSuppressed();
        return stages.length == 0 ? thrown : stages[0];
    }

    private static boolean isWhole(CharSequence statement, String script, int line) {
        try {
            new Parser(statement).program();
            return true;
        } catch (EOFError e) {
            return false;
        } catch (SyntaxError e) {
            throw new IllegalArgumentException(script + ", line " + line + ": this is no sentence of the shell: " + e.getMessage(), e);
        }
    }
}
