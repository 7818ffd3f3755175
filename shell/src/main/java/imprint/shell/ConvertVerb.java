package imprint.shell;

import imprint.api.Layer;
import imprint.api.Plan;
import java.net.URI;
import java.util.List;

/** An image becomes another kind of image. */
final class ConvertVerb extends CopyVerb {
    ConvertVerb() {
        super("convert", "Write the content of an image as another kind of image.", "SOURCE", true,
                List.of(Option.FORMAT, Option.COMPRESS));
    }

    @Override List<Example> examples() {
        return List.of(new Example("imprint convert old.img.gz new.img.zst", "the ending decides"),
                new Example("imprint convert laptop.img.zst laptop --format raw --compress none", ""));
    }

    @Override Plan plan(Arguments arguments, URI source, URI target, Defaults defaults) {
        Plan plan = Plan.open(source).decoded();
        for (Layer layer : defaults.layers(Locations.ending(target), arguments.value(Option.FORMAT),
                arguments.value(Option.COMPRESS), Defaults.Otherwise.ASK)) {
            plan = plan.encoded(layer);
        }
        return plan;
    }
}
