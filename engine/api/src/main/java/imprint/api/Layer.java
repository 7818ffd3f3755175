package imprint.api;

import java.util.Map;

/**
 * A format or a digest by name, with its options.
 *
 * @param name    as {@link Format#NAME} or {@link Integrity#NAMES} has it
 * @param options what differs from the defaults
 */
public record Layer(String name, Map<String, String> options) {

    /** One with all defaults. */
    public static Layer of(String name) {
        return new Layer(name, Map.of());
    }
}
