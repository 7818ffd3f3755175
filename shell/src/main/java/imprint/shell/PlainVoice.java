package imprint.shell;

import imprint.api.Event;
import imprint.api.Place;
import imprint.api.Verdict;
import java.io.PrintStream;
import java.util.Map;
import java.util.function.LongSupplier;

/** For people. One progress line, rewritten without any control code but the carriage return; no colour at all. */
final class PlainVoice implements Voice, Watch.Face {
    private static final long REWRITE_MILLIS = 200, LINE_MILLIS = 5000, JSON_MILLIS = 1000;

    /** How progress is shown. */
    enum Progress { TTY, LINES, JSON, NONE }

    private final PrintStream results;
    private final PrintStream messages;
    private final Progress how;
    private final boolean quiet;
    private final boolean verbose;
    private final int width;
    private final Watch watch;
    private int shown;                                            // columns of the line that stands there

    /** @param results where results go; the same as {@code messages} when standard output carries an image */
    PlainVoice(PrintStream results, PrintStream messages, Progress how, boolean quiet, boolean verbose, int width,
            LongSupplier nanos) {
        this.results = results;
        this.messages = messages;
        this.how = quiet ? Progress.NONE : how;
        this.quiet = quiet;
        this.verbose = verbose;
        this.width = width;
        this.watch = new Watch(this, nanos, switch (this.how) {
            case TTY -> REWRITE_MILLIS;
            case LINES, NONE -> LINE_MILLIS;
            case JSON -> JSON_MILLIS;
        });
    }

    @Override public synchronized void result(String subject, Map<String, ?> facts, String words) {
        makeWay();
        print(results, words);
    }

    @Override public synchronized void remark(String sentence) {
        if (!quiet) {
            makeWay();
            print(messages, sentence);
        }
    }

    @Override public void target(Place place) {
        remark(Identity.words(place));
    }

    @Override public synchronized void event(Event event) {
        switch (event) {
            case Event.Progress progress -> watch.accept(progress);
            case Event.Note note -> {
                if (verbose) {
                    remark(note.sentence());
                }
            }
            case Event.Warning warning -> {
                makeWay();
                print(messages, "warning: " + warning.sentence());
            }
            case Event.Bad bad -> {
                makeWay();
                print(messages, "offset " + bad.offset() + ": " + bad.length() + " bytes cannot be read");
            }
        }
    }

    @Override public synchronized void show(ProgressText progress) {
        switch (how) {
            case TTY -> {
                String line = progress.line(width - 1);
                messages.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
                messages.flush();
                shown = line.length();
            }
            case LINES -> print(messages, progress.line(Integer.MAX_VALUE));
            case JSON -> print(messages, Json.line("status", JsonVoice.facts(progress)));
            case NONE -> { }
        }
    }

    @Override public synchronized void stalled(String sentence) {
        remark(sentence);
    }

    @Override public synchronized void error(Failure failure) {
        makeWay();
        print(messages, Grammar.PROGRAM + ": " + failure.sentence());
        if (verbose && failure.cause() != null) {
            failure.cause().printStackTrace(messages);
        }
    }

    @Override public synchronized void summary(Summary summary) {
        var verdict = summary.outcome().verdict();
        if (verdict == Verdict.COMPLETE && watch.text().last().isPresent() && (how == Progress.TTY || how == Progress.LINES)) {
            makeWay();
            print(messages, "verified   " + Sizes.part(summary.outcome().bytes(), summary.outcome().bytes()) + "  100 %");
        }
        makeWay();
        if (!quiet || verdict != Verdict.COMPLETE) {
            print(results, summary.words());
        }
    }

    @Override public synchronized void makeWay() {
        if (shown > 0) {
            messages.print("\r" + " ".repeat(shown) + "\r");
            messages.flush();
            shown = 0;
        }
    }

    @Override public void close() {
        watch.close();
        synchronized (this) {
            makeWay();
            results.flush();
            messages.flush();
        }
    }

    private static void print(PrintStream to, String words) {
        if (!words.isEmpty()) {
            to.print(Text.clean(words));
            if (!words.endsWith("\n")) {
                to.println();
            }
            to.flush();
        }
    }
}
