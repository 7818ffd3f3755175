package imprint.shell;

import imprint.api.Outcome;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Whether an image is sound, or still equals a disk. */
final class VerifyVerb extends Verb {
    VerifyVerb() {
        super("verify", "Check every checksum and digest that covers an image; or whether it still equals a disk.", List.of("IMAGE"),
                Takes.also(List.of(Option.AGAINST), Takes.JOB));
    }

    @Override List<Example> examples() {
        return List.of(new Example("imprint verify laptop.img.zst", ""),
                new Example("imprint verify laptop.img.zst --against /dev/sda2", ""));
    }

    @Override Outcome run(Call call) throws IOException {
        URI image = Locations.of(call.arguments().place(0).orElseThrow());
        Optional<URI> against = call.arguments().value(Option.AGAINST).map(Locations::of);
        try {
            return against.isPresent() ? call.imprint().compare(image, against.get(), call.terms())
                    : call.imprint().verify(image, call.terms());
        } catch (IOException | RuntimeException e) {
            throw new VerbFailed(Failure.of(e, Failure.Doing.READING_IMAGE, ""), false);
        }
    }
}
