package imprint.shell;

import imprint.api.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Progress as words: rates, time left, and a word when nothing moves. It knows no clock; times are given in
 * nanoseconds from any origin. Not safe for several threads.
 */
final class ProgressText {
    static final long STALL_SECONDS = 60;
    private static final long WINDOW_NANOS = 5_000_000_000L;      // of the rate that is called "now"
    private static final double SECOND = 1e9;

    private record Sample(long done, long at) {}

    private final Deque<Sample> window = new ArrayDeque<>();
    private Event.Progress last;
    private Sample begin;
    private long movedAt;
    private long toldAt;

    /** Takes in how far it has come. */
    void accept(Event.Progress progress, long now) {
        if (last == null || !last.phase().equals(progress.phase())) {
            window.clear();
            begin = new Sample(progress.done(), now);
            movedAt = toldAt = now;
        } else if (progress.done() != last.done()) {
            movedAt = toldAt = now;
        }
        last = progress;
        window.addLast(new Sample(progress.done(), now));
        while (window.size() > 2 && now - window.peekFirst().at > WINDOW_NANOS) {
            window.removeFirst();
        }
    }

    /** The last progress, empty before the first. */
    Optional<Event.Progress> last() {
        return Optional.ofNullable(last);
    }

    /** A sentence once a minute while nothing moves. */
    Optional<String> stall(long now) {
        if (last == null || now - toldAt < STALL_SECONDS * SECOND) {
            return Optional.empty();
        }
        toldAt = now;
        return Optional.of(last.phase() + " has not moved for " + Sizes.time((long) ((now - movedAt) / SECOND)) + ", at "
                + Sizes.decimal(last.done()) + (last.bottleneck().isEmpty() ? "" : "; all wait for " + last.bottleneck())
                + "; still waiting");
    }

    /** Bytes a second over the last seconds; -1 while it is not known. */
    long rateNow() {
        return window.size() < 2 ? -1 : rate(window.peekFirst(), window.peekLast());
    }

    /** Bytes a second over the phase; -1 while it is not known. */
    long rateMean() {
        return window.isEmpty() ? -1 : rate(begin, window.peekLast());
    }

    /** Seconds; -1 while they are not known. */
    long secondsLeft() {
        long mean = rateMean();
        return last == null || last.total() < 0 || mean <= 0 ? -1 : Math.max(0, last.total() - last.done()) / mean;
    }

    /** Of the phase; 99 at most, since 100 % is said once everything is proven; -1 while it is not known. */
    int percent() {
        if (last == null || last.total() <= 0) {
            return -1;
        }
        return Math.clamp((long) (last.done() * 100.0 / last.total()), 0, 99);
    }

    /** One line of at most {@code width} columns; what matters least is left out first. */
    String line(int width) {
        if (last == null) {
            return "";
        }
        var parts = new ArrayList<Part>();
        String name = last.phase() + " ".repeat(Math.max(0, 9 - last.phase().length()));
        parts.add(new Part(9, name + "  " + (last.total() < 0 ? Sizes.decimal(last.done()) : Sizes.part(last.done(), last.total()))));
        add(parts, 8, percent() < 0, percent() + " %");
        add(parts, 4, rateNow() < 0, "now " + perSecond(rateNow()));
        add(parts, 3, rateMean() < 0, "mean " + perSecond(rateMean()));
        add(parts, 6, secondsLeft() < 0, "left " + Sizes.time(secondsLeft()));
        parts.add(new Part(last.errors() == 0 ? 2 : 7, "errors " + last.errors()));
        add(parts, 1, last.bottleneck().isEmpty(), "slowest " + last.bottleneck());
        while (parts.size() > 1 && joined(parts).length() > width) {
            parts.remove(parts.stream().min((a, b) -> Integer.compare(a.rank, b.rank)).orElseThrow());
        }
        String line = Text.clean(joined(parts));
        return line.length() <= width ? line : line.substring(0, Math.max(0, width));
    }

    private record Part(int rank, String words) {}

    private static void add(List<Part> parts, int rank, boolean unknown, String words) {
        if (!unknown) {
            parts.add(new Part(rank, words));
        }
    }

    private static String joined(List<Part> parts) {
        return String.join("  ", parts.stream().map(Part::words).toList());
    }

    private static long rate(Sample from, Sample to) {
        return to.at <= from.at ? -1 : Math.max(0, (long) ((to.done - from.done) / ((to.at - from.at) / SECOND)));
    }

    /** "412 MB/s": whole units, since a figure that jumps is not read to the tenth. */
    static String perSecond(long rate) {
        long unit = rate >= 1_000_000_000_000L ? 1_000_000_000_000L : rate >= 10_000_000_000L ? 1_000_000_000L
                : rate >= 1_000_000 ? 1_000_000L : 1000L;
        String name = unit == 1000 ? "kB/s" : unit == 1_000_000 ? "MB/s" : unit == 1_000_000_000 ? "GB/s" : "TB/s";
        return (rate + unit / 2) / unit + " " + name;
    }
}
