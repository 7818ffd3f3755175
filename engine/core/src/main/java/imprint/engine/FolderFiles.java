package imprint.engine;

import imprint.api.FileSet;
import imprint.api.Job;
import imprint.api.Volume;
import imprint.api.VolumeWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The folder that an image lies in; opens and makes files by the sources and sinks of the job. */
final class FolderFiles implements FileSet {

    private final Path folder;
    private final String name;
    private final Opener opener;
    private final Map<String, String> proven = new ConcurrentHashMap<>();

    /** How a path is opened and made: the job's own sources and sinks. */
    interface Opener {
        Volume open(Path file) throws IOException;

        VolumeWriter create(Path file) throws IOException;
    }

    FolderFiles(Path image, Opener opener) {
        this.folder = image.toAbsolutePath().getParent();
        this.name = image.getFileName().toString();
        this.opener = opener;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> names() throws IOException {
        try (var list = Files.list(folder)) {
            return list.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public Volume open(String file) throws IOException {
        return opener.open(inside(file));
    }

    @Override
    public VolumeWriter create(String file) throws IOException {
        return opener.create(inside(file));
    }

    @Override
    public Optional<String> proven(String file, String digest) {
        return Optional.ofNullable(proven.get(digest + " " + file));
    }

    /** Remembers what the job has proven. */
    void prove(String file, String digest, String hex) {
        proven.put(digest + " " + file, hex);
    }

    private Path inside(String file) {
        if (file.isEmpty() || file.equals(".") || file.equals("..") || file.indexOf('/') >= 0 || file.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("\"" + file + "\" is not a name of a file in the image's folder");
        }
        return folder.resolve(file);
    }

    /** The folder of a job that has none: a pipe to a pipe. */
    static FileSet none() {
        return new FileSet() {
            @Override
            public String name() {
                return "";
            }

            @Override
            public List<String> names() {
                return List.of();
            }

            @Override
            public Volume open(String file) throws IOException {
                throw new java.nio.file.NoSuchFileException(file, null, "the image lies in no folder");
            }

            @Override
            public VolumeWriter create(String file) throws IOException {
                throw new java.nio.file.NoSuchFileException(file, null, "the image lies in no folder");
            }
        };
    }
}
