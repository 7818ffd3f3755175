package imprint.shell;

import imprint.api.Event;
import imprint.api.Place;
import java.util.Map;

/**
 * Everything that a verb says: in words or as JSON. Results go to standard output, the rest to standard error; as JSON
 * all of it goes to one of them. Safe for several threads; what is said comes out whole.
 */
interface Voice extends AutoCloseable {

    /**
     * A piece of the answer.
     *
     * @param subject what it is about, for JSON
     * @param facts   for JSON: text, whole numbers, lists and maps
     * @param words   the same for people, lines apart
     */
    void result(String subject, Map<String, ?> facts, String words);

    /** What a person should know besides. */
    void remark(String sentence);

    /** The device that is about to be overwritten. */
    void target(Place place);

    /** What a job tells. */
    void event(Event event);

    /** What went wrong. */
    void error(Failure failure);

    /** The last word, said once. */
    void summary(Summary summary);

    /** A question that stands on the progress line comes first: ends that line. */
    void makeWay();

    /** Ends whatever still watches the clock. */
    @Override
    void close();
}
