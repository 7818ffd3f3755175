package imprint.shell;

import imprint.api.Plan;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The content of an image goes back to a disk, or to a file of the same bytes. */
final class RestoreVerb extends CopyVerb {
    RestoreVerb() {
        super("restore", "Write the content of an image back to a device, a file or a pipe.", "IMAGE",
                false, List.of(Option.PARTITION));
    }

    @Override List<Example> examples() {
        return List.of(new Example("imprint restore lab.img.zst /dev/nvme0n1 --dry-run", "what would happen"),
                new Example("imprint restore lab.img.zst /dev/nvme0n1 --yes --expect-serial \"$SERIAL\" --json --log \"$HOST.log\"", ""),
                new Example("ssh depot cat lab.img.zst | imprint restore - disk.img", "from a pipe to a file"));
    }

    @Override Plan plan(Arguments arguments, URI source, URI target, Defaults defaults) {
        return Plan.open(source).decoded();
    }

    @Override List<String> warnings(Arguments arguments) {
        String name = arguments.place(1).orElse("").toLowerCase(Locale.ROOT);
        return Stream.of(".zst", ".gz", ".xz", ".bz2", ".lz4", ".qcow2", ".vhd", ".vdi", ".vmdk").filter(name::endsWith)
                .map(ending -> "the target gets the plain content although its name ends in " + ending
                        + "; \"imprint convert\" writes that format").toList();
    }
}
