package imprint.engine;

import imprint.api.Event;
import imprint.api.FileSet;
import imprint.api.Place;
import imprint.api.Volume;
import imprint.api.VolumeWriter;
import imprint.api.Volumes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An image and all that lies beside it, made under temporary names and put in the place of what stood there in one order:
 * the old manifest and digests go first, the new manifest comes last, so that at no moment any of them stands beside
 * another image.
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
        boolean removed = EngineJob.isFile(target.uri()) && target.kind() != Place.Kind.DEVICE && removeOld();
        try {
            image.commit();
        } catch (IOException | RuntimeException e) {
            if (removed) {
                job.event(new Event.Warning("the manifest and the digests that lay beside " + target.name() + " are removed"));
            }
            throw e;
        }
        for (var writer : beside.values()) {
            writer.commit();
        }
    }

    /**
     * What belongs to the image that is replaced would speak of another one: its manifest first, then its map and its
     * digests, of whatever kind. They are gone for good before the image takes its name. Where no image of ours is
     * replaced, somebody else's digest of what is restored stays.
     *
     * @return whether there was anything
     */
    private boolean removeOld() throws IOException {
        boolean removed = remove(Manifest.ENDING);
        boolean all = target.kind() == Place.Kind.FILE && (removed || beside.containsKey(name() + Manifest.ENDING));
        removed |= remove(".map");
        for (var digest : job.digests()) {
            if (all || beside.containsKey(name() + "." + digest)) {
                removed |= remove("." + digest);
            }
        }
        if (removed) {
            syncFolder();
        }
        return removed;
    }

    private boolean remove(String ending) throws IOException {
        return Files.deleteIfExists(file().resolveSibling(name() + ending));
    }

    private void syncFolder() throws IOException {
        var folder = file().toAbsolutePath().getParent();
        try (var open = FileChannel.open(folder, StandardOpenOption.READ)) {
            open.force(true);
        } catch (IOException failure) {
            if (String.valueOf(failure.getMessage()).contains("Invalid argument")) {
                return;                                            // file systems without syncing of folders
            }
            throw new IOException(target.name() + ": what lay beside the image was removed, and " + folder
                    + " could not be brought to the medium (" + failure.getMessage() + "); the image is as it was", failure);
        }
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
