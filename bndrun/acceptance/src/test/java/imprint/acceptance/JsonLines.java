package imprint.acceptance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code --json} printed, as Python reads it; a line that is no JSON object fails. */
record JsonLines(List<Map<String, String>> lines) {
    private static final String READ = """
            import json, sys
            for line in sys.argv[1].splitlines():
                print("\\t".join(json.dumps(k) + "\\t" + json.dumps(v) for k, v in json.loads(line).items()))
            """;

    static JsonLines of(String printed) throws Exception {
        var lines = new ArrayList<Map<String, String>>();
        for (String line : Tools.run("python3", "-c", READ, printed).split("\n")) {
            var fields = new LinkedHashMap<String, String>();
            String[] words = line.split("\t");
            for (int i = 0; i + 1 < words.length; i += 2) {
                fields.put(plain(words[i]), plain(words[i + 1]));
            }
            lines.add(fields);
        }
        return new JsonLines(lines);
    }

    private static String plain(String json) {
        return json.startsWith("\"") ? json.substring(1, json.length() - 1) : json;
    }

    /** The last line. */
    Map<String, String> summary() {
        return lines.getLast();
    }
}
