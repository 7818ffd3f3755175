package imprint.api;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be copied where, and how: made by a verb or put together in the shell, shown, checked, and run once by the
 * engine. Immutable; making one touches nothing.
 *
 * @param source  where the bytes come from
 * @param decode  peel codecs and the image format off the source
 * @param digests of the content and of the stored file
 * @param layers  formats that the content is laid down in, innermost first ("partclone", "zstd")
 * @param target  where to; empty while the plan is unfinished
 * @param rules   what is waived, kept and asked for
 */
public record Plan(URI source, boolean decode, List<Layer> digests, List<Layer> layers, Optional<URI> target, Rules rules) {

    /**
     * What a job may and should do besides copying.
     *
     * @param verify       read back and compare what was written
     * @param keep         write the digests' sidecars and the manifest beside a target file
     * @param overwrite    an existing file may be replaced
     * @param confirmed    a person or {@code --yes} has confirmed that a device is overwritten
     * @param expectSerial the target device has to bear this serial number
     * @param allow        names of the checks that are waived
     * @param note         stored in the manifest; may be empty
     */
    public record Rules(boolean verify, boolean keep, boolean overwrite, boolean confirmed, Optional<String> expectSerial,
            Set<String> allow, String note) {

        /** Waives: the target lies on the disk that is read. */
        public static final String SAME_DISK = "same-disk";

        /** Waives: runs that cannot be read become zeroes and are listed. */
        public static final String BAD_SECTORS = "bad-sectors";

        /** Verify, keep the evidence, waive nothing. */
        public static final Rules CAREFUL = new Rules(true, true, false, false, Optional.empty(), Set.of(), "");
    }

    public Plan {
        digests = List.copyOf(digests);
        layers = List.copyOf(layers);
    }

    /** Begins a plan: the bytes of a place as they are. */
    public static Plan open(URI source) {
        return new Plan(source, false, List.of(), List.of(), Optional.empty(), Rules.CAREFUL);
    }

    /** Peels the source. */
    public Plan decoded() {
        if (decode) {
            throw new IllegalArgumentException("decode stands twice in the plan; one takes every layer off");
        }
        if (!layers.isEmpty()) {
            throw new IllegalArgumentException("decode after encode would undo it; decode comes right after open");
        }
        return new Plan(source, true, digests, layers, target, rules);
    }

    /** Lays the content down in one more format, around those named before. */
    public Plan encoded(Layer layer) {
        requireOpenEnd();
        return new Plan(source, decode, digests, append(layers, layer), target, rules);
    }

    /** Takes one more digest. */
    public Plan digested(Layer digest) {
        if (digests.stream().anyMatch(d -> d.name().equals(digest.name()))) {
            throw new IllegalArgumentException("digest " + digest.name() + " stands twice in the plan");
        }
        return new Plan(source, decode, append(digests, digest), layers, target, rules);
    }

    /** Ends the plan. */
    public Plan to(URI place) {
        requireOpenEnd();
        return new Plan(source, decode, digests, layers, Optional.of(place), rules);
    }

    /** The same under other rules. */
    public Plan with(Rules other) {
        return new Plan(source, decode, digests, layers, target, other);
    }

    private void requireOpenEnd() {
        if (target.isPresent()) {
            var place = target.get();
            throw new IllegalArgumentException("the plan ends at "
                    + ("file".equals(place.getScheme()) ? Path.of(place) : place) + " already; nothing follows a write");
        }
    }

    private static List<Layer> append(List<Layer> list, Layer last) {
        var longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }
}
