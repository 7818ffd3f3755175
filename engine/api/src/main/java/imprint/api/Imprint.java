package imprint.api;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/** The engine. One service; everything a person does is its five verbs {@code open, decode, survey, create, copy} in some order. */
@ProviderType
public interface Imprint {

    /** What a caller gives a job. */
    record Terms(int threads, long memory, Consumer<Event> listener, BooleanSupplier cancelled) {

        /** Every core, a quarter of a gibibyte, nobody watching. */
        public static Terms quiet() {
            return new Terms(Runtime.getRuntime().availableProcessors(), 256L << 20, event -> { }, () -> false);
        }
    }

    /**
     * One job: it holds a lease on every service it begins with until it is closed, so that a bundle that is updated or
     * removed meanwhile lets it finish with the old one.
     */
    @ProviderType
    interface Session extends Job, AutoCloseable {

        /** Opens a place, read-only. */
        Volume open(URI place) throws IOException;

        /** Peels any number of codecs and stops at the first image. A volume that is neither comes back as it is. */
        Decoded decode(Volume volume) throws IOException;

        /** What lies on a volume. Where nobody or more than one knows it: no parts, everything DATA, and the reason. */
        Survey survey(Volume volume) throws IOException;

        /** Begins a volume at a place, laid down in {@code layers}, innermost first. */
        VolumeWriter create(URI place, Volume content, List<Layer> layers) throws IOException;

        /** The one loop that moves content. Finishes {@code to} and, when asked, compares; does not commit. */
        Outcome copy(Volume from, VolumeWriter to, List<Layer> digests, boolean verify) throws IOException;

        /** Gives back every lease. */
        @Override
        void close();
    }

    /**
     * A volume and what was peeled off it.
     *
     * @param layers names, outermost first
     * @param facts  of each layer, in the same order
     */
    record Decoded(Volume volume, List<String> layers, List<Map<String, String>> facts) {}

    /** Begins a job. {@code image} is the file that the job is about: its folder becomes {@link Job#beside}. */
    Session begin(Terms terms, Optional<URI> image);

    /** What stands at a place. */
    Place inspect(URI place) throws IOException;

    /** What is attached. */
    List<Place> places() throws IOException;

    /** What is installed, sorted by kind and name. */
    List<Installed> installed();

    /** Everything that can be checked without writing. @throws RefusedException see promise 3 */
    Draft check(Plan plan, Terms terms) throws IOException;

    /**
     * Checks and runs a plan; commits when every byte is proven, the manifest last.
     *
     * @throws RefusedException   nothing was written
     * @throws CancelledException nothing bears its final name
     */
    Outcome run(Plan plan, Terms terms) throws IOException;

    /** Every checksum, digest and recovery set that covers an image. */
    Outcome verify(URI image, Terms terms) throws IOException;

    /** Whether the content of an image still equals what stands at another place. */
    Outcome compare(URI image, URI place, Terms terms) throws IOException;
}
