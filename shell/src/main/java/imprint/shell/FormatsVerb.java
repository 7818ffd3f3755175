package imprint.shell;

import imprint.api.Installed;
import imprint.api.Outcome;
import java.util.LinkedHashMap;
import java.util.List;

/** What is installed. */
final class FormatsVerb extends Verb {
    FormatsVerb() {
        super("formats", "List what is installed, and what each can do.", List.of(), Takes.WORDS);
    }

    @Override List<Example> examples() {
        return List.of(new Example("imprint formats", ""), new Example("imprint formats --json", ""));
    }

    @Override Outcome run(Call call) {
        var words = new StringBuilder();
        row(words, "name", "kind", "can", "endings", "bundle");
        for (Installed each : call.imprint().installed()) {
            var facts = new LinkedHashMap<String, Object>();
            facts.put("name", each.name());
            facts.put("kind", each.kind());
            facts.put("abilities", each.abilities());
            facts.put("endings", each.endings());
            facts.put("bundle", each.bundle());
            if (call.arguments().has(Option.JSON)) {
                call.voice().result("format", facts, "");
            }
            row(words, each.name(), each.kind(), String.join(", ", each.abilities()), String.join(" ", each.endings()), each.bundle());
        }
        if (!call.arguments().has(Option.JSON)) {
            call.voice().result("formats", new LinkedHashMap<>(), words.toString());
        }
        return Call.done();
    }

    private static void row(StringBuilder words, String name, String kind, String can, String endings, String bundle) {
        pad(words, name, 14);
        pad(words, kind, 8);
        pad(words, can, 20);
        pad(words, endings, 18);
        words.append(bundle).append('\n');
    }

    private static void pad(StringBuilder words, String cell, int width) {
        words.append(cell).append(" ".repeat(Math.max(2, width - cell.length())));
    }
}
