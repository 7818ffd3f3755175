package imprint.shell;

import imprint.api.Draft;
import imprint.api.Layer;
import imprint.api.Place;
import imprint.api.Plan;
import java.util.ArrayList;
import java.util.List;

/** A plan for people. */
final class PlanText {
    private PlanText() {}

    /** As it was put together; nothing has been looked at. */
    static String of(Plan plan) {
        var words = new StringBuilder("source   ").append(Locations.words(plan.source()));
        words.append(plan.decode() ? ", decoded\n" : "\n");
        layers(words, plan);
        words.append("target   ").append(plan.target().map(Locations::words).orElse("none yet")).append('\n');
        return rules(words, plan.rules()).toString();
    }

    /** With what the engine found. */
    static String of(Draft draft) {
        var plan = draft.plan();
        var words = new StringBuilder("source   ").append(indented(Identity.words(draft.source()))).append('\n');
        if (!draft.layers().isEmpty()) {
            words.append("peeled   ").append(String.join(", ", draft.layers())).append('\n');
        }
        layers(words, plan);
        words.append("target   ").append(indented(Identity.words(draft.target()))).append('\n');
        if (draft.target().kind() == Place.Kind.DEVICE) {
            words.append("lost     everything that ").append(Locations.words(draft.target().uri())).append(" holds now\n");
        } else if (draft.target().kind() == Place.Kind.FILE) {
            words.append("lost     the file that bears this name now\n");
        }
        words.append("content  ").append(draft.size() < 0 ? "a stream of unknown length" : Sizes.words(draft.size())).append('\n');
        if (draft.toRead() >= 0) {
            words.append("to read  ").append(Sizes.words(draft.toRead())).append('\n');
        }
        if (draft.atMost() >= 0) {
            words.append("needs    ").append(Sizes.words(draft.atMost())).append(" at most\n");
        }
        rules(words, plan.rules());
        draft.remarks().forEach(remark -> words.append("remark   ").append(remark).append('\n'));
        return words.append("nothing was written\n").toString();
    }

    private static void layers(StringBuilder words, Plan plan) {
        words.append("layers   ").append(plan.layers().isEmpty() ? "none: the bytes as they are" : names(plan.layers())).append('\n');
        if (!plan.digests().isEmpty()) {
            words.append("digests  ").append(names(plan.digests())).append('\n');
        }
    }

    private static StringBuilder rules(StringBuilder words, Plan.Rules rules) {
        var said = new ArrayList<String>();
        said.add(rules.verify() ? "read back and compared" : "not verified");
        if (rules.overwrite()) {
            said.add("an existing file is replaced");
        }
        if (!rules.allow().isEmpty()) {
            said.add("waived: " + String.join(", ", rules.allow()));
        }
        rules.expectSerial().ifPresent(serial -> said.add("serial has to be " + serial));
        return words.append("rules    ").append(String.join("; ", said)).append('\n');
    }

    private static String names(List<Layer> layers) {
        return String.join(", ", layers.stream().map(l -> l.name() + (l.options().isEmpty() ? "" : " " + l.options())).toList());
    }

    private static String indented(String words) {
        return words.replace("\n", "\n         ");
    }
}
