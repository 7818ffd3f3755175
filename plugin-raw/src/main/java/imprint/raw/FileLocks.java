package imprint.raw;

import imprint.api.BusyException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Advisory locks between Imprints: shared while a file is read, exclusive while it is made or about to be replaced.
 *
 * <p>They are flock's, which belong to one opening of a file. POSIX locks, the JDK's kind, end when anybody in the process
 * closes the file, cannot be shared inside a JVM, and would keep qemu's tools from reading an image while we do.
 */
final class FileLocks {

    private static final System.Logger LOG = System.getLogger(FileLocks.class.getName());

    private FileLocks() {}

    /**
     * Keeps others from replacing a file while it is read.
     *
     * @return what to close, nothing to close where the file system knows no locks
     * @throws BusyException somebody is writing it
     */
    static Closeable shared(Path path) throws IOException {
        if (!Kernel.AVAILABLE) {
            return () -> { };      // the JDK's locks cannot be held by two readers in one JVM
        }
        var file = Kernel.Descriptor.open(path, Kernel.O_RDONLY);
        return locked(file, true, path);
    }

    /**
     * Keeps others from reading, writing or replacing a file.
     *
     * @param link whether {@code path} may be a symbolic link
     * @throws BusyException somebody reads or writes it
     */
    static Closeable exclusive(Path path, boolean link) throws IOException {
        if (!Kernel.AVAILABLE) {
            return exclusiveOfJdk(path);
        }
        int flags = Kernel.O_RDONLY | Kernel.O_NONBLOCK | (link ? 0 : Kernel.O_NOFOLLOW);
        return locked(Kernel.Descriptor.open(path, flags), false, path);
    }

    /** Whether the file that is locked still bears the name {@code path}. */
    static boolean isStill(Closeable lock, Path path) throws IOException {
        if (!(lock instanceof Kernel.Descriptor file)) {
            return true;
        }
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS).equals(Files.getAttribute(file.self(), "unix:ino"))
                && Files.getAttribute(path, "unix:dev", LinkOption.NOFOLLOW_LINKS).equals(Files.getAttribute(file.self(), "unix:dev"));
    }

    private static Closeable locked(Kernel.Descriptor file, boolean shared, Path path) throws IOException {
        try {
            if (file.lock(shared)) {
                return file;
            }
        } catch (Kernel.Failure unsupported) {
            LOG.log(System.Logger.Level.DEBUG, "{0} goes without a lock: {1}", path, unsupported.getMessage());
            return file;
        }
        file.close();
        throw busy(path, shared);
    }

    private static Closeable exclusiveOfJdk(Path path) throws IOException {
        var channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException held) {
            LOG.log(System.Logger.Level.DEBUG, "{0} is locked in this process", path);
        }
        channel.close();
        throw busy(path, false);
    }

    private static BusyException busy(Path path, boolean shared) {
        return new BusyException(path + " is being " + (shared ? "written" : "read or written")
                + " by another Imprint; wait until that has ended, or choose another name.");
    }
}
