package imprint.shell;

import imprint.api.Plan;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The checks that {@code --allow} waives, one name each. */
final class Waivers {
    static final List<String> NAMES = List.of(Plan.Rules.BAD_SECTORS, Plan.Rules.SAME_DISK);

    private Waivers() {}

    /** @throws IllegalArgumentException a name that waives nothing would look like safety given up */
    static Set<String> of(String commaSeparated) {
        var names = new TreeSet<String>();
        for (String name : commaSeparated.split(",", -1)) {
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException(
                        "--allow knows no check \"" + name + "\"; it takes " + String.join(", ", NAMES));
            }
            names.add(name);
        }
        return names;
    }
}
