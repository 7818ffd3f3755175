package imprint.shell;

import imprint.api.Event;
import imprint.api.Place;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** What {@code --log} appends to a file: who did what with which version to which device, when, and how it ended. */
final class JobLog implements AutoCloseable {
    private final Writer file;
    private final InstantSource clock;
    private String phase = "";

    private JobLog(Writer file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    /** Keeps nothing. */
    static JobLog none() {
        return new JobLog(Writer.nullWriter(), InstantSource.system());
    }

    /** @throws IOException the file cannot be written: known before anything else is begun */
    static JobLog at(Path file, InstantSource clock) throws IOException {
        return new JobLog(Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.CREATE,
                StandardOpenOption.APPEND), clock);
    }

    void command(String verb, List<String> words, Versions versions) {
        line("command   " + Grammar.PROGRAM + " " + verb + " " + String.join(" ", words.stream().map(JobLog::quoted).toList()));
        versions.lines().forEach(each -> line("version   " + each));
    }

    void place(String role, Place place) {
        line(role + " ".repeat(Math.max(1, 10 - role.length())) + Identity.line(place));
    }

    void event(Event event) {
        switch (event) {
            case Event.Progress progress -> {
                synchronized (this) {
                    if (!phase.equals(progress.phase())) {
                        phase = progress.phase();
                        line("phase     " + phase);
                    }
                }
            }
            case Event.Note note -> line("note      " + note.sentence());
            case Event.Warning warning -> line("warning   " + warning.sentence());
            case Event.Bad bad -> line("bad       offset " + bad.offset() + ", " + bad.length() + " bytes");
        }
    }

    void failure(Failure failure) {
        line("error     " + failure.sentence());
        if (failure.cause() != null) {
            var trace = new StringWriter();
            failure.cause().printStackTrace(new PrintWriter(trace, true));
            trace.toString().lines().forEach(each -> line("trace     " + each));
        }
    }

    void summary(Summary summary) {
        summary.words().lines().forEach(each -> line("result    " + each));
        line("verdict   " + Call.name(summary.outcome().verdict()) + ", status " + summary.status());
    }

    private synchronized void line(String words) {
        try {
            file.write(Instant.ofEpochMilli(clock.millis()) + "  " + Locations.withoutSecrets(Text.clean(words)) + "\n");
            file.flush();                                         // a crash must not take it along
        } catch (IOException e) {
            throw new UncheckedIOException(new IOException("the log cannot be written: " + e.getMessage(), e));
        }
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    @Override public void close() throws IOException {
        file.close();
    }
}
