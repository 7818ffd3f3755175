package imprint.engine;

import imprint.api.FileSet;
import imprint.api.Place;
import imprint.api.Volume;
import imprint.api.VolumeWriter;
import imprint.api.Volumes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An image and all that lies beside it, made under temporary names and put in the place of what stood there in one order:
 * the old manifest goes first, the new one comes last, so that at no moment a manifest stands beside another image.
 */
final class Replacement implements FileSet, Closeable {

    private final Place target;
    private final VolumeWriter image;
    private final TappedWriter stored;
    private final EngineJob job;
    private final Map<String, VolumeWriter> beside = new LinkedHashMap<>();

    /** @param stored the innermost layer of {@code image}: the file itself */
    Replacement(Place target, VolumeWriter image, TappedWriter stored, EngineJob job) {
        this.target = target;
        this.image = image;
        this.stored = stored;
        this.job = job;
    }

    /** Makes a small file beside the image, named as the image with an ending. */
    void add(String ending, byte[] content) throws IOException {
        var writer = create(name() + ending);
        writer.write(0, ByteBuffer.wrap(content));
        var back = writer.finish(content.length);
        if (back.isPresent()) {
            back.get().close();
        }
    }

    /** Names of the files made, the image first; for a device or a pipe its name. */
    List<String> made() {
        var names = new ArrayList<String>();
        names.add(target.name());
        var folder = target.name().substring(0, target.name().length() - (beside.isEmpty() ? 0 : name().length()));
        beside.keySet().forEach(file -> names.add(folder + file));
        return names;
    }

    void commit() throws IOException {
        if (EngineJob.isFile(target.uri()) && target.kind() != Place.Kind.DEVICE) {
            removeOld(Manifest.ENDING);
            if (!beside.containsKey(name() + ".map")) {
                removeOld(".map");
            }
        }
        image.commit();
        for (var writer : beside.values()) {
            writer.commit();
        }
    }

    /** What belongs to the image that is replaced would speak of another one. */
    private void removeOld(String ending) throws IOException {
        Files.deleteIfExists(file().resolveSibling(name() + ending));
    }

    @Override
    public void close() throws IOException {
        for (var writer : beside.values()) {
            writer.close();
        }
    }

    // ---- FileSet: what taps see

    @Override
    public String name() {
        return file().getFileName().toString();
    }

    @Override
    public List<String> names() throws IOException {
        return job.folderOf(file()).names();
    }

    /** The image is the finished one that has not taken its name yet. */
    @Override
    public Volume open(String file) throws IOException {
        return file.equals(name()) && stored.stored() != null
                ? Volumes.slice(stored.stored(), 0, stored.size(), name()) : job.folderOf(file()).open(file);
    }

    /** Committed with the image, in the order of making. */
    @Override
    public VolumeWriter create(String file) throws IOException {
        var writer = job.folderOf(file()).create(file);
        beside.put(file, writer);
        return writer;
    }

    private Path file() {
        return EngineJob.path(target.uri());
    }
}
