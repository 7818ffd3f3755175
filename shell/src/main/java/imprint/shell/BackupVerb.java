package imprint.shell;

import imprint.api.Layer;
import imprint.api.Plan;
import java.net.URI;
import java.util.List;

/** A disk, a partition or an image file becomes one file. */
final class BackupVerb extends CopyVerb {
    BackupVerb() {
        super("backup", "Copy a disk, a partition or a disk image into an image file, with digests and a manifest beside it.",
                "SOURCE", true,
                List.of(Option.FORMAT, Option.COMPRESS, Option.ALL_BLOCKS, Option.PARTITION));
    }

    @Override List<Example> examples() {
        return List.of(new Example("imprint backup /dev/sda2 usb/laptop.img.zst", "the ending decides"),
                new Example("imprint backup /dev/sdc case17 --all-blocks --digest sha256,md5 --note \"case 17\" --log case17.log", ""),
                new Example("imprint backup /dev/sda2 - | ssh depot 'cat > laptop.img.zst'", "to a pipe"));
    }

    @Override Plan plan(Arguments arguments, URI source, URI target, Defaults defaults) {
        Plan plan = Plan.open(source);
        for (Layer layer : defaults.layers(Locations.ending(target), arguments.value(Option.FORMAT),
                arguments.value(Option.COMPRESS), Defaults.Otherwise.USUAL)) {
            plan = plan.encoded(layer);
        }
        return plan;
    }
}
