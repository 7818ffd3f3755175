package imprint.shell;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command line that fits its verb.
 *
 * @param verb    what is asked for
 * @param given   options with their values; a switch has an empty one
 * @param places  what is no option, in order; as many as the verb takes
 */
record Arguments(Verb verb, Map<Option, String> given, List<String> places) {

    boolean has(Option option) {
        return given.containsKey(option);
    }

    Optional<String> value(Option option) {
        return Optional.ofNullable(given.get(option));
    }

    /** Bytes. @throws IllegalArgumentException it is no size */
    Optional<Long> size(Option option) {
        return value(option).map(text -> Sizes.parse(option.flag, text));
    }

    /** A whole number within bounds. @throws IllegalArgumentException it is not */
    Optional<Long> number(Option option, long least, long most) {
        return value(option).map(text -> {
            // No Long.parseLong: it takes "+4" and Arabic digits.
            boolean plain = !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
            long number = plain ? Long.parseLong(text) : -1;
            if (!plain || number < least || number > most) {
                throw new IllegalArgumentException(
                        option.flag + " takes a whole number from " + least + " to " + most + ", not \"" + text + "\"");
            }
            return number;
        });
    }

    /** A place by position, empty where it was left out. */
    Optional<String> place(int index) {
        return index < places.size() ? Optional.of(places.get(index)) : Optional.empty();
    }
}
