package imprint.engine;

import imprint.api.Event;
import imprint.api.Imprint.Decoded;
import imprint.api.Place;
import imprint.api.Volume;
import imprint.api.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The content of a stored image: its layers peeled, and what could not be read when it was made still failing. */
final class Images {

    private Images() {}

    /** Takes {@code stored} over, also when it throws. */
    static Decoded decode(EngineJob job, Volume stored, Place place) throws IOException {
        try {
            var manifest = manifest(job, place);
            var decoded = manifest.isEmpty() ? job.decode(stored) : asItWasMade(job, stored, manifest.get());
            if (decoded.layers().isEmpty()) {
                warnOfEnding(job, place);
            }
            if (manifest.isEmpty() || manifest.get().map().isEmpty()) {
                return decoded;
            }
            try (var map = job.folderOf(EngineJob.path(place.uri())).open(manifest.get().map())) {
                return new Decoded(new BadRuns(decoded.volume(), MapFile.read(map)), decoded.layers(), decoded.facts());
            }
        } catch (IOException | RuntimeException e) {
            stored.close();
            throw e;
        }
    }

    /** Names decide nothing, but one that promises more than the bytes hold may be all that is left of a damaged head. */
    private static void warnOfEnding(EngineJob job, Place place) {
        job.codecEnding(place.name()).ifPresent(codec -> job.event(new Event.Warning(place.name()
                + " does not begin as " + codec + ", though its name says so: it is taken as it is")));
    }

    /**
     * Takes off what was laid around the content and nothing else: content that is packed itself stays as it was, and bytes
     * that are not recognised any more are not taken for content.
     */
    private static Decoded asItWasMade(EngineJob job, Volume stored, Manifest manifest) throws IOException {
        var expected = manifest.layers().reversed().stream().filter(name -> !name.equals("raw")).toList();
        for (var name : expected) {
            if (!job.has(name)) {
                throw new IllegalArgumentException(stored + " is packed with " + name + ", as its manifest says, and no format \""
                        + name + "\" is installed; add the bundle that reads it");
            }
        }
        var decoded = job.decode(stored, expected.size());
        if (!decoded.layers().equals(expected)) {
            throw new VolumeException.Corrupt(stored, 0, 0, "begins like " + words(decoded.layers()) + ", expected "
                    + words(expected) + " as its manifest says");
        }
        return decoded;
    }

    private static String words(List<String> layers) {
        return layers.isEmpty() ? "no image that is known" : String.join(" around ", layers);
    }

    /** The manifest beside a file, when it speaks of this very file; empty where there is none. */
    static Optional<Manifest> manifest(EngineJob job, Place place) throws IOException {
        if (!EngineJob.isFile(place.uri()) || place.kind() != Place.Kind.FILE) {
            return Optional.empty();
        }
        Path file = EngineJob.path(place.uri());
        var name = file.getFileName() + Manifest.ENDING;
        if (!Files.isRegularFile(file.resolveSibling(name))) {
            return Optional.empty();
        }
        try (var json = job.folderOf(file).open(name)) {
            var manifest = Manifest.read(json);
            if (!manifest.file().name().equals(file.getFileName().toString())) {
                throw new VolumeException.Corrupt(json, -1, 0, "speaks of \"" + manifest.file().name() + "\", not of "
                        + file.getFileName());
            }
            return Optional.of(manifest);
        }
    }
}
