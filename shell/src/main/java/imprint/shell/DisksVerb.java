package imprint.shell;

import imprint.api.Outcome;
import imprint.api.Place;
import java.io.IOException;
import java.util.List;

/** What is attached. */
final class DisksVerb extends Verb {
    DisksVerb() {
        super("disks", "List disks and partitions: models, serials, sizes, what they hold, where they are mounted.", List.of(),
                Takes.WORDS);
    }

    @Override List<Example> examples() {
        return List.of(new Example("imprint disks", ""), new Example("imprint disks --json", ""));
    }

    @Override Outcome run(Call call) throws IOException {
        List<Place> places = call.imprint().places();
        for (Place place : places) {
            call.voice().result("disk", Identity.facts(place), Identity.words(place));
        }
        if (places.isEmpty()) {
            call.voice().remark("no disk is attached that can be seen here");
        }
        return Call.done();
    }
}
