package imprint.shell;

import imprint.api.Imprint;
import imprint.api.Outcome;
import imprint.api.Place;
import imprint.api.Survey;
import imprint.api.Volume;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What something is. */
final class InfoVerb extends Verb {
    InfoVerb() {
        super("info", "Say what this is: layers, format, partition table, file systems, sizes, checks.", List.of("PLACE"), Takes.JOB);
    }

    @Override List<Example> examples() {
        return List.of(new Example("imprint info laptop.img.zst", ""), new Example("imprint info /dev/sda", ""));
    }

    @Override Outcome run(Call call) throws IOException {
        URI uri = Locations.of(call.arguments().place(0).orElseThrow());
        Place place = call.imprint().inspect(uri);
        call.log().place("place", place);
        try (var session = call.imprint().begin(call.terms(), Optional.of(uri)); Volume volume = session.open(uri)) {
            // A disk whose first sector only looks like an image is a disk.
            var decoded = place.kind() == Place.Kind.DEVICE ? new Imprint.Decoded(volume, List.of(), List.of()) : session.decode(volume);
            tell(call, place, decoded, session.survey(decoded.volume()));
        } catch (IOException | RuntimeException e) {
            throw new VerbFailed(Failure.of(e, Failure.Doing.READING_IMAGE, ""), false);
        }
        return Call.done();
    }

    private static void tell(Call call, Place place, Imprint.Decoded decoded, Survey survey) throws IOException {
        long size = survey.volume().size();
        var words = new StringBuilder(Identity.words(place)).append('\n');
        var layers = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < decoded.layers().size(); i++) {
            Map<String, String> facts = i < decoded.facts().size() ? decoded.facts().get(i) : Map.of();
            layers.add(Map.of("name", decoded.layers().get(i), "facts", facts));
            words.append("layer      ").append(decoded.layers().get(i)).append('\n');
            list(words, facts);
        }
        words.append("content    ").append(Sizes.words(size)).append('\n');
        list(words, survey.facts());
        var parts = new ArrayList<Map<String, Object>>();
        for (Survey.Part part : survey.parts()) {
            parts.add(Map.of("number", part.number(), "offset", part.offset(), "length", part.length(), "facts", part.facts()));
            words.append("partition  ").append(part.number()).append("  at ").append(part.offset()).append(", ")
                    .append(Sizes.words(part.length())).append('\n');
            list(words, part.facts());
        }
        var facts = new LinkedHashMap<String, Object>(Identity.facts(place));
        facts.put("layers", layers);
        facts.put("content", size);
        facts.put("facts", survey.facts());
        facts.put("partitions", parts);
        call.voice().result("info", facts, words.toString());
    }

    private static void list(StringBuilder words, Map<String, String> facts) {
        facts.forEach((name, value) -> words.append("           ").append(name).append(": ").append(value).append('\n'));
    }
}
