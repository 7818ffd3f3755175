package imprint.shell;

import imprint.api.Outcome;
import java.util.List;

/**
 * One thing that a person can ask for: one definition for the command line, for Gogo and for tests.
 * A verb says what it takes; {@link Grammar} parses by that and writes the help from it.
 */
abstract class Verb {
    /** Where a person asked for help, this comes first. */
    record Example(String line, String words) {}

    private final String name;
    private final String summary;
    private final List<String> parameters;
    private final List<Option> options;

    /** @param parameters labels; one in brackets may be left out and comes last */
    Verb(String name, String summary, List<String> parameters, List<Option> options) {
        this.name = name;
        this.summary = summary;
        this.parameters = parameters;
        this.options = options;
    }

    final String name() {
        return name;
    }

    final String summary() {
        return summary;
    }

    final List<String> parameters() {
        return parameters;
    }

    final List<Option> options() {
        return options;
    }

    abstract List<Example> examples();

    /** Whether standard output carries an image, so that no word may go there. */
    boolean writesStandardOutput(Arguments arguments) {
        return false;
    }

    /** Does it. What is thrown becomes verdict, status and sentence by {@link Failure}. */
    abstract Outcome run(Call call) throws Exception;
}
