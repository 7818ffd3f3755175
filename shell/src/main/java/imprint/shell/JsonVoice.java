package imprint.shell;

import imprint.api.Event;
import imprint.api.Place;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** For programs: every line an object with a {@code type}, nothing else on that stream. */
final class JsonVoice implements Voice, Watch.Face {
    private static final long PERIOD_MILLIS = 1000;

    private final PrintStream stream;
    private final boolean progress;
    private final Watch watch;

    JsonVoice(PrintStream stream, boolean progress, LongSupplier nanos) {
        this.stream = stream;
        this.progress = progress;
        this.watch = new Watch(this, nanos, PERIOD_MILLIS);
    }

    @Override public void result(String subject, Map<String, ?> facts, String words) {
        var all = new LinkedHashMap<String, Object>();
        all.put("subject", subject);
        all.putAll(facts);
        print("status", all);
    }

    @Override public void remark(String sentence) {
        event("note", sentence);
    }

    @Override public void target(Place place) {
        result("target", Identity.facts(place), "");
    }

    @Override public void event(Event event) {
        switch (event) {
            case Event.Progress p -> watch.accept(p);
            case Event.Note note -> remark(note.sentence());
            case Event.Warning warning -> event("warning", warning.sentence());
            case Event.Bad bad -> {
                var facts = new LinkedHashMap<String, Object>();
                facts.put("event", "bad");
                facts.put("offset", bad.offset());
                facts.put("length", bad.length());
                print("event", facts);
            }
        }
    }

    @Override public void show(ProgressText text) {
        if (progress) {
            print("status", facts(text));
        }
    }

    @Override public void stalled(String sentence) {
        event("stalled", sentence);
    }

    private void event(String kind, String sentence) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("event", kind);
        facts.put("sentence", sentence);
        print("event", facts);
    }

    /** Unknown numbers are left out. */
    static Map<String, Object> facts(ProgressText text) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("subject", "progress");
        text.last().ifPresent(last -> {
            facts.put("phase", last.phase());
            facts.put("done", last.done());
            putKnown(facts, "total", last.total());
            putKnown(facts, "percent", text.percent());
            putKnown(facts, "rate", text.rateNow());
            putKnown(facts, "mean", text.rateMean());
            putKnown(facts, "left", text.secondsLeft());
            facts.put("errors", last.errors());
            facts.put("slowest", last.bottleneck());
        });
        return facts;
    }

    private static void putKnown(Map<String, Object> facts, String name, long value) {
        if (value >= 0) {
            facts.put(name, value);
        }
    }

    @Override public void error(Failure failure) {
        print("error", failure.facts());
    }

    @Override public void summary(Summary summary) {
        watch.close();                                            // nothing follows the last line
        print("summary", summary.facts());
    }

    @Override public void makeWay() {
        // lines never stand half-written
    }

    @Override public void close() {
        watch.close();
        stream.flush();
    }

    private synchronized void print(String type, Map<String, ?> facts) {
        stream.println(Json.line(type, facts));
        stream.flush();
    }
}
