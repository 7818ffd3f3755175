package imprint.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.jline.builtins.Completers.FileNameCompleter;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;

/** A person at a terminal: line editing, completion, history. Ctrl-C ends the running job, Ctrl-D the shell. */
final class Conversation {
    private static final String PROMPT = "imprint> ";
    private static final List<String> FAREWELLS = List.of("exit", "quit");
    private static final String PRIVATE_FILE = "rw-------", PRIVATE_FOLDER = "rwx------";

    private final CommandSession session;
    private final Console console;
    private final FileNameCompleter files = new FileNameCompleter();

    Conversation(CommandSession session, Console console) {
        this.session = session;
        this.console = console;
    }

    void hold() throws IOException {
        try (var terminal = terminal()) {
            var parser = new DefaultParser();
            parser.setEofOnUnclosedQuote(true);
            parser.setEofOnUnclosedBracket(DefaultParser.Bracket.CURLY, DefaultParser.Bracket.ROUND);
            parser.setEscapeChars(null);
            var reader = LineReaderBuilder.builder().terminal(terminal).parser(parser).completer(this::complete)
                    .variable(LineReader.HISTORY_FILE, history()).option(LineReader.Option.DISABLE_EVENT_EXPANSION, true).build();
            var person = Thread.currentThread();
            terminal.handle(Signal.INT, signal -> person.interrupt());
            terminal.writer().println("imprint: \"help\" lists the commands, \"help backup\" explains one; Ctrl-D leaves");
            while (true) {
                try {
                    String line = reader.readLine(PROMPT);
                    if (FAREWELLS.contains(line.strip())) {
                        return;
                    }
                    if (!line.isBlank()) {
                        console.execute(session, line, "");
                    }
                } catch (UserInterruptException e) {
                    // the line is thrown away, as in any shell
                } catch (EndOfFileException e) {
                    return;
                } catch (VerbFailed e) {
                    if (!e.isTold()) {
                        terminal.writer().println(Text.clean(e.failure().sentence()));
                    }
                }
                terminal.writer().flush();
                Thread.interrupted();                             // Ctrl-C ended that line and no other
                if (Signals.isEnding()) {
                    throw new VerbFailed(Failure.of(new InterruptedException(), Failure.Doing.LOOKING, ""), true);
                }
            }
        }
    }

    /** JLine looks for its ways to a terminal through the thread's class loader, which is the launcher's here. */
    private static org.jline.terminal.Terminal terminal() throws IOException {
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        thread.setContextClassLoader(TerminalBuilder.class.getClassLoader());
        try {
            return TerminalBuilder.builder().name(Grammar.PROGRAM).system(true).dumb(true).build();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        List<String> words = line.words();
        if (line.wordIndex() == 0) {
            GogoVerbs.commands(session).forEach(name -> candidates.add(new Candidate(name)));
        } else if (line.word().startsWith("-")) {
            Verbs.named(words.getFirst()).ifPresent(verb -> verb.options().forEach(option -> candidates.add(new Candidate(option.flag))));
        } else if (words.getFirst().equals("help")) {
            Verbs.NAMES.forEach(name -> candidates.add(new Candidate(name)));
        } else {
            files.complete(reader, line, candidates);
        }
    }

    /** Names of disks and images are nobody else's business, so the file is its owner's alone. */
    private static Path history() throws IOException {
        String state = System.getenv("XDG_STATE_HOME");
        Path folder = (state == null || state.isEmpty() ? Path.of(System.getProperty("user.home"), ".local", "state") : Path.of(state))
                .resolve(Grammar.PROGRAM);
        Path file = folder.resolve("history");
        if (Files.notExists(folder)) {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE_FOLDER)));
        }
        if (Files.notExists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE_FILE)));
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(PRIVATE_FILE));
        return file;
    }
}
