package imprint.shell;

import imprint.api.Extent;
import imprint.api.Outcome;
import imprint.api.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The last word on a verb. */
record Summary(String verb, Instant began, Instant ended, int status, Outcome outcome) {

    static Summary of(String verb, Instant began, Instant ended, Outcome outcome) {
        return new Summary(verb, began, ended, outcome.verdict().status(), outcome);
    }

    static Summary of(String verb, Instant began, Instant ended, Failure failure) {
        return new Summary(verb, began, ended, failure.status(), new Outcome(failure.verdict(), 0,
                Duration.between(began, ended), List.of(), List.of(), Map.of(), List.of(failure.sentence()), ""));
    }

    /** In the order of importance. Fields may be added; these stay. */
    Map<String, Object> facts() {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("command", verb);
        facts.put("verdict", Call.name(outcome.verdict()));
        facts.put("status", status);
        facts.put("bytes", outcome.bytes());
        facts.put("seconds", seconds());
        facts.put("began", time(began));
        facts.put("ended", time(ended));
        facts.put("written", outcome.written());
        facts.put("digests", outcome.digests());
        var bad = new ArrayList<Map<String, Object>>();
        for (Extent run : outcome.bad()) {
            var place = new LinkedHashMap<String, Object>();
            place.put("offset", run.offset());
            place.put("length", run.length());
            bad.add(place);
        }
        facts.put("bad", bad);
        facts.put("reasons", outcome.reasons());
        facts.put("slowest", outcome.slowest());
        return facts;
    }

    /** For people: what is missing first. Empty for what copied nothing and is complete. */
    String words() {
        var words = new StringBuilder();
        Verdict verdict = outcome.verdict();
        for (String reason : outcome.reasons()) {
            words.append(reason).append('\n');
        }
        if (outcome.bytes() == 0 && outcome.written().isEmpty() && verdict == Verdict.COMPLETE && outcome.digests().isEmpty()) {
            return words.toString();
        }
        outcome.digests().forEach((name, value) -> words.append(name).append("  ").append(value).append('\n'));
        for (String name : outcome.written()) {
            words.append("written  ").append(name).append('\n');
        }
        words.append(switch (verdict) {
            case LOSSY -> "complete with losses";
            case UNVERIFIED -> "complete, unverified";
            case NO_SPACE -> "no space";
            case REPAIRABLE -> "damaged, repairable";
            default -> Call.name(verdict);
        });
        if (outcome.bytes() >= 0) {
            words.append(": ").append(Sizes.words(outcome.bytes()));
        }
        double seconds = seconds();
        words.append(" in ").append(seconds < 10 ? seconds + " s" : Sizes.time((long) seconds));
        if (seconds > 0 && outcome.bytes() > 0) {
            words.append(", ").append(ProgressText.perSecond((long) (outcome.bytes() / seconds)));
        }
        if (!outcome.slowest().isEmpty()) {
            words.append("; slowest: ").append(outcome.slowest());
        }
        return words.append('\n').toString();
    }

    private static String time(Instant when) {
        return when.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private double seconds() {
        return outcome.took().toMillis() / 1000.0;
    }
}
