package imprint.testing;

import imprint.api.FileSet;
import imprint.api.Volume;
import imprint.api.VolumeWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A folder in memory. What is created appears at its commit. A stock tool judges what {@link #storeIn} put on disk. */
public final class MemoryFileSet implements FileSet {

    private final String name;
    private final NavigableMap<String, byte[]> files = new ConcurrentSkipListMap<>();
    private final List<MemoryWriter> begun = new ArrayList<>();

    /** An empty one. @param name the file that the job is about; it need not exist */
    public MemoryFileSet(String name) {
        this.name = element(name);
    }

    /** The files of a folder on disk, without its subfolders. */
    public static MemoryFileSet of(Path folder, String name) throws IOException {
        var set = new MemoryFileSet(name);
        try (var list = Files.list(folder)) {
            for (var file : list.filter(Files::isRegularFile).toList()) {
                set.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return set;
    }

    public MemoryFileSet put(String file, byte[] bytes) {
        files.put(element(file), bytes);
        return this;
    }

    public void remove(String file) {
        files.remove(file);
    }

    /** The bytes of a file; not a copy. */
    public byte[] get(String file) {
        var bytes = files.get(file);
        if (bytes == null) {
            throw new AssertionError("there is no " + file + " among " + files.keySet());
        }
        return bytes;
    }

    /** Commits what was created and finished and is not committed yet, in order, as the engine does. */
    public synchronized void commitAll() {
        begun.stream().filter(writer -> writer.isFinished() && !writer.isCommitted()).forEach(MemoryWriter::commit);
    }

    /** What was created here, committed or not, in order. */
    public synchronized List<MemoryWriter> begun() {
        return List.copyOf(begun);
    }

    /** Puts every file into a folder on disk. */
    public void storeIn(Path folder) throws IOException {
        for (var file : files.entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> names() {
        return List.copyOf(files.keySet());
    }

    @Override
    public Volume open(String file) throws IOException {
        var bytes = files.get(element(file));
        if (bytes == null) {
            throw new NoSuchFileException(file);
        }
        return MemoryVolume.of(file, bytes);
    }

    @Override
    public synchronized VolumeWriter create(String file) {
        var writer = MemoryWriter.named(element(file)).whenCommitted(volume -> files.put(file, volume.bytes()));
        begun.add(writer);
        return writer;
    }

    private static String element(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0 || name.indexOf(0) >= 0) {
            throw new IllegalArgumentException("\"" + name + "\" is not the name of a file in this folder");
        }
        return name;
    }
}
