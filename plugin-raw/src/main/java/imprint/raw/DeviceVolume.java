package imprint.raw;

import imprint.api.Parallel;
import imprint.api.Stored;
import imprint.api.Volume;
import imprint.api.VolumeException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * A block device, opened for reading only. Large aligned reads go past the page cache; small and odd ones through it.
 *
 * <p>A failed read through the cache loses a whole page, and the read-ahead around it is lost time on a failing disk. So
 * once a read has failed, small reads go past the cache too, sector by sector, and the error is exact.
 */
final class DeviceVolume implements Volume {

    /** Shorter reads are parsers at work, which come back to the same place: the cache serves them better. */
    private static final int SMALLEST_DIRECT = 64 * 1024;

    private static final int HEAP_PIECE = 1 << 20;

    private static final Optional<OpenOption> DIRECT = direct();

    private final Path path;
    private final FileChannel cached;
    private final FileChannel direct;          // null where the device does not take it
    private final int alignment;
    private final int sector;
    private final long size;
    private volatile boolean failing;

    private DeviceVolume(Path path, FileChannel cached, FileChannel direct, int sector, long size) throws IOException {
        this.path = path;
        this.cached = cached;
        this.direct = direct;
        this.alignment = alignment(path, sector);
        this.sector = sector;
        this.size = size;
    }

    /** @param sector logical sector size, a power of two */
    static DeviceVolume open(Path path, int sector) throws IOException {
        return open(path, sector, Long.MAX_VALUE);
    }

    /** Opens the first {@code most} bytes. */
    static DeviceVolume open(Path path, int sector, long most) throws IOException {
        var cached = FileChannel.open(path, StandardOpenOption.READ);
        FileChannel direct = null;
        try {
            direct = directly(path, StandardOpenOption.READ);
            return new DeviceVolume(path, cached, direct, sector, Math.min(cached.size(), most));
        } catch (IOException failure) {
            cached.close();
            if (direct != null) {
                direct.close();
            }
            throw failure;
        }
    }

    /** A channel past the page cache, null where there is none. */
    static FileChannel directly(Path path, StandardOpenOption... how) throws IOException {
        if (DIRECT.isEmpty()) {
            return null;
        }
        var options = new HashSet<OpenOption>(List.of(how));
        options.add(DIRECT.get());
        try {
            return FileChannel.open(path, options);
        } catch (UnsupportedOperationException unsupported) {
            return null;
        } catch (IOException failure) {
            if (Kernel.is(failure, Kernel.EINVAL)) {
                return null;
            }
            throw failure;
        }
    }

    /** The JDK's own option. It is asked for by name, so that no package outside java.* is imported. */
    private static Optional<OpenOption> direct() {
        try {
            var options = ClassLoader.getSystemClassLoader().loadClass("com.sun.nio.file.ExtendedOpenOption");
            return Arrays.stream(options.getEnumConstants()).filter(option -> option.toString().equals("DIRECT"))
                    .map(OpenOption.class::cast).findFirst();
        } catch (ClassNotFoundException without) {
            System.getLogger(DeviceVolume.class.getName()).log(System.Logger.Level.DEBUG,
                    "this Java cannot pass the page cache", without);
            return Optional.empty();
        }
    }

    /** What direct offsets, lengths and addresses have to be multiples of; the JDK asks for more than the kernel. */
    static int alignment(Path path, int sector) throws IOException {
        return (int) Math.max(Files.getFileStore(path).getBlockSize(), sector);
    }

    /** How many bytes of {@code data} can pass the cache at {@code offset}: a multiple of the alignment, maybe 0. */
    static int directLength(ByteBuffer data, long offset, int alignment) {
        boolean aligned = offset % alignment == 0
                && (!data.isDirect() || data.alignmentOffset(data.position(), alignment) == 0);
        return aligned ? data.remaining() & -alignment : 0;
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
        int most = (int) Math.min(target.isDirect() ? target.remaining() : Math.min(target.remaining(), HEAP_PIECE), size - offset);
        target.limit(target.position() + most);
        try {
            int past = direct == null ? 0 : directLength(target, offset, alignment);
            if (past >= SMALLEST_DIRECT) {
                target.limit(target.position() + past);
                most = past;
                return whole(direct.read(target, offset), offset, past);
            }
            if (failing && Kernel.AVAILABLE) {
                return readSectors(offset, target);
            }
            return readCached(offset, target);
        } catch (ClosedChannelException closed) {
            throw closed;
        } catch (VolumeException told) {
            throw told;
        } catch (IOException failure) {
            failing = true;
            throw new VolumeException.Unreadable(this, offset, most, failure);
        } finally {
            target.limit(limit);
        }
    }

    private int readCached(long offset, ByteBuffer target) throws IOException {
        int start = target.position();
        try {
            return whole(cached.read(target, offset), offset, target.remaining());
        } catch (ClosedChannelException closed) {
            throw closed;
        } catch (IOException failure) {
            failing = true;
            if (!Kernel.AVAILABLE) {
                throw failure;
            }
            target.position(start);
            return readSectors(offset, target);
        }
    }

    /** Reads just the sectors concerned, past the cache. */
    private int readSectors(long offset, ByteBuffer target) throws IOException {
        long start = offset & -(long) sector;
        int skip = (int) (offset - start);
        int wanted = Math.min(target.remaining(), SMALLEST_DIRECT);
        int length = skip + wanted + sector - 1 & -sector;
        try (var arena = Arena.ofConfined();
                var file = Kernel.Descriptor.open(path, Kernel.O_RDONLY | Kernel.O_DIRECT)) {
            var sectors = arena.allocate(length, Math.max(sector, 4096)).asByteBuffer();
            file.read(start, sectors);
            sectors.flip().position(Math.min(skip, sectors.limit()));
            sectors.limit(Math.min(sectors.limit(), skip + wanted));
            int got = sectors.remaining();
            target.put(sectors);
            return whole(got == 0 ? -1 : got, offset, wanted);
        }
    }

    private int whole(int got, long offset, int wanted) throws VolumeException {
        if (got < 0) {
            throw new VolumeException.Unreadable(this, offset, wanted,
                    new IOException("the device ends here, it had " + size + " bytes when it was opened"));
        }
        return got;
    }

    @Override
    public <A> Optional<A> as(Class<A> ability) {
        if (ability == Stored.class) {
            return Optional.of(ability.cast(direct == null
                    ? new FileVolume.Verbatim(cached, 1) : new FileVolume.Verbatim(direct, alignment)));
        }
        if (ability == Parallel.class && direct != null) {
            return Optional.of(ability.cast(new FileVolume.TwoReaders(alignment)));
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        try (direct) {
            cached.close();
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
