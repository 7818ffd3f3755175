package imprint.raw;

import imprint.api.Extent;
import imprint.api.Parallel;
import imprint.api.Stored;
import imprint.api.Volume;
import imprint.api.VolumeException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A regular file, opened for reading only. Holes are ZERO; its size is what it was when it was opened. */
final class FileVolume implements Volume {

    /** One read into a heap buffer takes at most this much: the JDK copies it through a direct buffer of that size. */
    private static final int HEAP_PIECE = 1 << 20;

    private static final int CACHE_SAMPLES = 32;

    private final Path path;
    private final String name;
    private final FileChannel channel;
    private final long size;
    private final Closeable lock;
    private HoleMap holes;

    private FileVolume(Path path, String name, FileChannel channel, Closeable lock) throws IOException {
        this.path = path;
        this.name = name;
        this.channel = channel;
        this.lock = lock;
        this.size = channel.size();
    }

    /** Opens a file that others may read too, but not replace. */
    static FileVolume open(Path path, String name) throws IOException {
        return open(path, name, FileLocks::shared);
    }

    /** Opens a file that is guarded already. */
    static FileVolume openUnlocked(Path path, String name) throws IOException {
        return open(path, name, none -> () -> { });
    }

    private interface Guard {
        Closeable over(Path path) throws IOException;
    }

    private static FileVolume open(Path path, String name, Guard guard) throws IOException {
        var channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new FileVolume(path, name, channel, guard.over(path));
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int read(long offset, ByteBuffer target) throws IOException {
        if (offset >= size || !target.hasRemaining()) {
            return target.hasRemaining() ? -1 : 0;
        }
        int limit = target.limit();
        long most = Math.min(target.isDirect() ? target.remaining() : Math.min(target.remaining(), HEAP_PIECE), size - offset);
        target.limit(target.position() + (int) most);
        try {
            int got = channel.read(target, offset);
            if (got < 0) {
                throw new VolumeException.Corrupt(this, offset, most,
                        "the file ends here, it had " + size + " bytes when it was opened");
            }
            return got;
        } catch (ClosedChannelException closed) {
            throw closed;
        } catch (VolumeException shrunk) {
            throw shrunk;
        } catch (IOException failure) {
            throw new VolumeException.Unreadable(this, offset, most, failure);
        } finally {
            target.limit(limit);
        }
    }

    @Override
    public Extent extent(long offset) throws IOException {
        if (offset < 0 || offset >= size) {
            throw new IndexOutOfBoundsException(name + " has " + size + " bytes, asked for the run at " + offset);
        }
        return holes().extent(offset);
    }

    private synchronized HoleMap holes() throws IOException {
        if (holes == null) {
            holes = findHoles();
        }
        return holes;
    }

    private HoleMap findHoles() throws IOException {
        if (!Kernel.AVAILABLE) {
            return HoleMap.solid(size);
        }
        try (var file = Kernel.Descriptor.open(path, Kernel.O_RDONLY)) {
            return HoleMap.of(file, size);
        } catch (Kernel.Failure unsupported) {
            System.getLogger(FileVolume.class.getName()).log(System.Logger.Level.DEBUG,
                    "{0} is taken as stored whole: {1}", name, unsupported.getMessage());
            return HoleMap.solid(size);
        }
    }

    @Override
    public <A> Optional<A> as(Class<A> ability) {
        if (ability == Stored.class) {
            return Optional.of(ability.cast(new Verbatim(channel, 1)));
        }
        if (ability == Parallel.class && isCached()) {
            return Optional.of(ability.cast(new TwoReaders(1)));
        }
        return Optional.empty();
    }

    /** Two readers double the speed of a cached file and break the read-ahead of a cold one, so samples decide. */
    private boolean isCached() {
        if (!Kernel.AVAILABLE || size == 0) {
            return false;
        }
        try (var file = Kernel.Descriptor.open(path, Kernel.O_RDONLY)) {
            for (int i = 0; i < CACHE_SAMPLES; i++) {
                long at = size / CACHE_SAMPLES * i;
                if (holes().extent(at).kind() == Extent.Kind.DATA && !file.isCached(at)) {
                    return false;
                }
            }
            return true;
        } catch (IOException unknown) {
            System.getLogger(FileVolume.class.getName()).log(System.Logger.Level.DEBUG,
                    "{0} is taken as not cached: {1}", name, unknown.getMessage());
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            channel.close();
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** The bytes lie where they are. */
    record Verbatim(FileChannel channel, int alignment) implements Stored {

        @Override
        public long position(long offset) {
            return offset;
        }
    }

    /** Two threads keep a fast device, or two cores, busy. */
    record TwoReaders(long grain) implements Parallel {

        @Override
        public int readers() {
            return 2;
        }
    }
}
