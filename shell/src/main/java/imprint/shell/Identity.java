package imprint.shell;

import imprint.api.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a person needs to tell one place from another. */
final class Identity {
    private Identity() {}

    /** Two lines: what it is, and what would be lost. */
    static String words(Place place) {
        String name = Locations.words(place.uri());
        var words = new StringBuilder(line(place));
        if (place.kind() == Place.Kind.DEVICE) {
            String holds = place.facts().getOrDefault("holds", "");
            words.append('\n').append(" ".repeat(name.length() + 3)).append("now holds: ")
                    .append(holds.isEmpty() ? "nothing that is known here" : holds).append("; ")
                    .append(place.uses().isEmpty() ? "not mounted" : String.join(", ", place.uses()));
        }
        return words.toString();
    }

    /** One line: name, model, serial, other facts, size. */
    static String line(Place place) {
        var parts = new ArrayList<String>(List.of(Locations.words(place.uri())));
        place.facts().forEach((name, value) -> {
            if (!name.equals("holds") && !value.isEmpty()) {
                parts.add(name.equals("model") ? value : name + " " + value);
            }
        });
        if (place.size() >= 0) {
            parts.add(Sizes.words(place.size()));
        } else {
            parts.add(switch (place.kind()) {
                case ABSENT -> "not there yet";
                case STREAM -> "a pipe";
                default -> "unknown size";
            });
        }
        return String.join("   ", parts);
    }

    /** For JSON. */
    static Map<String, Object> facts(Place place) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("place", Locations.words(place.uri()));
        facts.put("kind", Call.name(place.kind()));
        if (place.size() >= 0) {
            facts.put("size", place.size());
        }
        if (place.kind() == Place.Kind.DEVICE) {
            facts.put("sector size", place.sectorSize());
        }
        facts.putAll(place.facts());
        facts.put("uses", place.uses());
        return facts;
    }
}
