package imprint.raw;

import imprint.api.BusyException;
import imprint.api.Intake;
import imprint.api.NoSpaceException;
import imprint.api.Patch;
import imprint.api.Stored;
import imprint.api.Volume;
import imprint.api.VolumeWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/**
 * A file being made: {@code NAME.partial} beside its final name until it is committed. What is not written is a hole.
 *
 * <p>It is readable by its owner only, who is the person behind sudo where there is one. A symbolic link under the final
 * name is replaced itself; what it points to stays. An exclusive lock on the partial file, and on a file that stands
 * under the final name, lasts until the writer is closed.
 */
final class PartialFile implements VolumeWriter {

    static final String ENDING = ".partial";

    /** Others may look whether a partial file is stale just when it is made; so it is tried again, a few times. */
    private static final int ATTEMPTS = 16;

    /** Bytes between two nudges to the disk. */
    private static final int WRITE_BEHIND = 16 << 20;

    private final Path target;
    private final Path partial;
    private final FileChannel channel;
    private final Closeable lock;
    private final Closeable replaced;
    private final long largest;
    private long written;
    private long syncing;
    private Volume finished;
    private boolean committed;

    private PartialFile(Path target, Path partial, Closeable replaced, Closeable lock, long largest) throws IOException {
        this.target = target;
        this.partial = partial;
        this.replaced = replaced;
        this.lock = lock;
        this.largest = largest;
        this.channel = lock instanceof FileChannel ours ? ours
                : FileChannel.open(partial, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Begins a file.
     *
     * @param target      its final name, in a folder that exists
     * @param largest     bytes that one file may have there
     * @param environment where sudo says who is behind it
     */
    static PartialFile begin(Path target, long largest, Map<String, String> environment) throws IOException {
        var folder = target.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(target.toString(), null, "the folder " + folder + " is not there; make it first");
        }
        var replaced = Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS) && Files.isReadable(target)
                ? FileLocks.exclusive(target, false) : nothing();
        try {
            var partial = target.resolveSibling(target.getFileName() + ENDING);
            var lock = claim(partial);
            try {
                giveToCaller(partial, environment);
                return new PartialFile(target, partial, replaced, lock, largest);
            } catch (IOException failure) {
                try (lock) {
                    Files.deleteIfExists(partial);
                }
                throw failure;
            }
        } catch (IOException failure) {
            replaced.close();
            throw failure;
        }
    }

    private static Closeable nothing() {
        return () -> { };
    }

    /** Makes the partial file, empty and locked; one that nobody holds was left by a job that was killed. */
    private static Closeable claim(Path partial) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            boolean stale = false;
            try {
                Files.createFile(partial, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } catch (FileAlreadyExistsException exists) {
                stale = true;
            } catch (UnsupportedOperationException noModes) {
                Files.createFile(partial);
            }
            if (stale && !Files.isRegularFile(partial, LinkOption.NOFOLLOW_LINKS)
                    && Files.exists(partial, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(partial.toString(), null,
                        "it is no regular file, and the image has to be made under this name first; remove it");
            }
            Closeable lock;
            try {
                lock = FileLocks.exclusive(partial, false);
            } catch (Kernel.Failure | NoSuchFileException gone) {
                if (Files.exists(partial, LinkOption.NOFOLLOW_LINKS)) {
                    throw gone;
                }
                continue;
            }
            if (FileLocks.isStill(lock, partial)) {
                if (!stale) {
                    return lock;
                }
                Files.delete(partial);
            }
            lock.close();
        }
        throw new BusyException(partial + " is made and removed by somebody else all the time; choose another name.");
    }

    /** Under sudo the file belongs to the person, not to root. */
    private static void giveToCaller(Path partial, Map<String, String> environment) throws IOException {
        var user = environment.getOrDefault("SUDO_UID", "");
        var group = environment.getOrDefault("SUDO_GID", "");
        if (!user.matches("[0-9]{1,9}") || !group.matches("[0-9]{1,9}") || !Files.getAttribute(partial, "unix:uid").equals(0)) {
            return;
        }
        try {
            Files.setAttribute(partial, "unix:gid", Integer.parseInt(group));
            Files.setAttribute(partial, "unix:uid", Integer.parseInt(user));
        } catch (IOException noOwners) {
            System.getLogger(PartialFile.class.getName()).log(System.Logger.Level.DEBUG,
                    "{0} stays root''s: {1}", partial, noOwners.getMessage());
        }
    }

    @Override
    public long capacity() {
        return largest;
    }

    @Override
    public void write(long offset, ByteBuffer data) throws IOException {
        requireRoom(offset, data.remaining());
        long at = offset;
        try {
            while (data.hasRemaining()) {
                at += channel.write(data, at);
            }
        } catch (IOException failure) {
            throw Failures.writing(this.toString(), at, data.remaining(), failure);
        }
        moved(at);
    }

    /** Counts what is there, and lets the disk begin: what is written behind our back need not be waited for at the end. */
    private void moved(long end) throws IOException {
        written = Math.max(written, end);
        if (written - syncing >= WRITE_BEHIND && lock instanceof Kernel.Descriptor file) {
            file.beginSync(syncing, written - syncing);
            syncing = written;
        }
    }

    private void requireRoom(long offset, long length) throws NoSpaceException {
        if (length > largest - offset) {
            throw new NoSpaceException(this + ", offset " + offset + ": a file may have " + largest
                    + " bytes there at most; use a target on another file system.", null);
        }
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        requireRoom(offset, length);
        written = Math.max(written, offset + length);     // a new file is one hole
    }

    @Override
    public Optional<Volume> finish(long size) throws IOException {
        if (finished != null) {
            throw new IllegalStateException(this + " is finished already");
        }
        if (size < written) {
            throw new IllegalArgumentException(this + " has " + written + " bytes already, finished with " + size);
        }
        try {
            setLength(size);
            channel.force(true);
        } catch (IOException failure) {
            throw Failures.flushing(toString(), size, failure);
        }
        finished = FileVolume.openUnlocked(partial, partial.getFileName().toString());
        return Optional.of(finished);
    }

    private void setLength(long size) throws IOException {
        if (lock instanceof Kernel.Descriptor) {
            try (var file = Kernel.Descriptor.open(partial, Kernel.O_RDWR | Kernel.O_NOFOLLOW)) {
                file.truncate(size);
            }
        } else if (channel.size() < size) {
            channel.write(ByteBuffer.allocate(1), size - 1);
        }
    }

    @Override
    public void commit() throws IOException {
        if (finished == null || committed) {
            throw new IllegalStateException(this + (committed ? " is committed already" : " is not finished yet"));
        }
        try {
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException other) {
            throw new IOException(target + ": cannot take its name in one step on this file system; nothing was replaced", other);
        } catch (IOException failure) {
            throw new IOException(target + ": cannot take its final name (" + failure.getMessage()
                    + "); what stood there is untouched", failure);
        }
        committed = true;
        syncFolder();
    }

    /** A name is durable once its folder is. */
    private void syncFolder() throws IOException {
        try (var folder = FileChannel.open(target.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException failure) {
            if (!Kernel.is(failure, Kernel.EINVAL)) {       // file systems without syncing of folders
                throw Failures.flushing(target.toString(), channel.size(), failure);
            }
        }
    }

    /** The kernel moves them, and shares them where the file system can. */
    private boolean take(FileChannel from, long position, long offset, long length) throws IOException {
        requireRoom(offset, length);
        long done = 0;
        try {
            channel.position(offset);
            while (done < length) {
                long got = from.transferTo(position + done, length - done, channel);
                if (got <= 0) {
                    return false;
                }
                done += got;
            }
        } catch (ClosedChannelException closed) {
            throw closed;
        } catch (IOException failure) {
            if (Failures.isNoSpace(failure)) {
                throw Failures.writing(toString(), offset + done, length - done, failure);
            }
            System.getLogger(PartialFile.class.getName()).log(System.Logger.Level.DEBUG,
                    "{0}, offset {1}: goes through a buffer: {2}", this, offset, failure.getMessage());
            return false;
        }
        moved(offset + length);
        return true;
    }

    @Override
    public <A> Optional<A> as(Class<A> ability) {
        if (ability == Intake.class) {
            return Optional.of(ability.cast((Intake) this::take));
        }
        if (ability == Patch.class) {
            return Optional.of(ability.cast((Patch) this::patch));
        }
        if (ability == Stored.class) {
            return Optional.of(ability.cast(new FileVolume.Verbatim(channel, 1)));
        }
        if (ability == Intake.class) {
            return Optional.of(ability.cast((Intake) this::take));
        }
        return Optional.empty();
    }

    private void patch(long offset, ByteBuffer data) throws IOException {
        if (offset + data.remaining() > written) {
            throw new IllegalArgumentException(this + ": a patch at " + offset + " of " + data.remaining()
                    + " bytes goes past the " + written + " bytes written so far");
        }
        write(offset, data);
    }

    @Override
    public void close() throws IOException {
        try (replaced; lock; channel) {
            if (finished != null) {
                finished.close();
            }
            if (!committed && FileLocks.isStill(lock, partial)) {
                Files.deleteIfExists(partial);
            }
        }
    }

    @Override
    public String toString() {
        return target.getFileName().toString();
    }
}
