package imprint.engine;

import imprint.api.Imprint.Decoded;
import imprint.api.Place;
import imprint.api.Volume;
import imprint.api.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The content of a stored image: its layers peeled, and what could not be read when it was made still failing. */
final class Images {

    private static final String RAW = "raw";

    private Images() {}

    /** Takes {@code stored} over, also when it throws. */
    static Decoded decode(EngineJob job, Volume stored, Place place) throws IOException {
        try {
            var manifest = manifest(job, place);
            var decoded = job.decode(stored);
            if (manifest.isPresent() && decoded.layers().isEmpty()) {
                refuseOtherKind(manifest.get(), stored);
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

    /** A head that is damaged is no head of anything; what lies there must not pass for the content. */
    private static void refuseOtherKind(Manifest manifest, Volume stored) throws VolumeException.Corrupt {
        var outermost = manifest.layers().isEmpty() ? RAW : manifest.layers().getLast();
        if (!outermost.equals(RAW)) {
            throw new VolumeException.Corrupt(stored, 0, 0, "does not begin as " + outermost + ", which it is by "
                    + manifest.file().name() + Manifest.ENDING);
        }
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
