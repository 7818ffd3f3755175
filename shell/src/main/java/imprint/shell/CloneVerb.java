package imprint.shell;

import imprint.api.Plan;
import java.net.URI;
import java.util.List;

/** A disk becomes the same as another. */
final class CloneVerb extends CopyVerb {
    CloneVerb() {
        super("clone", "Copy one disk or partition straight to another.", "SOURCE", false,
                List.of(Option.ALL_BLOCKS));
    }

    @Override List<Example> examples() {
        return List.of(new Example("imprint clone /dev/sda /dev/sdb --dry-run", "what would happen"),
                new Example("imprint clone /dev/sda /dev/sdb", ""));
    }

    @Override Plan plan(Arguments arguments, URI source, URI target, Defaults defaults) {
        return Plan.open(source);
    }

    @Override List<String> warnings(Arguments arguments) {
        return List.of("source and clone will share every id (disk, partitions, file systems); do not run both in one machine");
    }
}
