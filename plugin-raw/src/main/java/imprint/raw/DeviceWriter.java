package imprint.raw;

import imprint.api.CancelledException;
import imprint.api.NoSpaceException;
import imprint.api.Patch;
import imprint.api.Stored;
import imprint.api.Volume;
import imprint.api.VolumeWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A block device that is written from its start. It is claimed exclusively: nobody can mount it meanwhile. Runs that are
 * left out keep what they hold.
 */
final class DeviceWriter implements VolumeWriter {

    private static final System.Logger LOG = System.getLogger(DeviceWriter.class.getName());

    /** Zeroes made by one request: a slow device ends it within a second or so, and cancelling is heard. */
    private static final long ZERO_STEP = 64L << 20;

    private static final ByteBuffer ZEROES = Arena.global().allocate(1 << 20, 4096).asByteBuffer().asReadOnlyBuffer();

    private final Path path;
    private final Kernel.Descriptor claim;
    private final int sector;
    private final boolean wholeDisk;
    private final BooleanSupplier cancelled;
    private final FileChannel cached;
    private final FileChannel direct;          // null where the device does not take it
    private final int alignment;
    private final long capacity;
    private boolean zeroesByRequest = true;
    private long written;
    private Volume finished;

    /**
     * Takes over a claim; the caller's again after an exception.
     *
     * @param claim     the device, opened with O_EXCL
     * @param sector    logical sector size, a power of two
     * @param wholeDisk whether its partition table concerns the system
     */
    DeviceWriter(Path path, Kernel.Descriptor claim, int sector, boolean wholeDisk, BooleanSupplier cancelled)
            throws IOException {
        this.path = path;
        this.claim = claim;
        this.sector = sector;
        this.wholeDisk = wholeDisk;
        this.cancelled = cancelled;
        this.alignment = DeviceVolume.alignment(path, sector);
        this.cached = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            this.direct = DeviceVolume.directly(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            this.capacity = cached.size();
        } catch (IOException failure) {
            cached.close();
            throw failure;
        }
    }

    @Override
    public long capacity() {
        return capacity;
    }

    @Override
    public void write(long offset, ByteBuffer data) throws IOException {
        requireRoom(offset, data.remaining());
        long at = offset;
        int limit = data.limit();
        try {
            while (data.hasRemaining()) {
                int past = direct == null ? 0 : DeviceVolume.directLength(data, at, alignment);
                if (past > 0) {
                    data.limit(data.position() + past);
                    at += direct.write(data, at);
                    data.limit(limit);
                } else {
                    at += writeCached(at, data);
                }
            }
        } catch (IOException failure) {
            throw Failures.writing(toString(), at, limit - data.position(), failure);
        } finally {
            data.limit(limit);
        }
        written = Math.max(written, at);
    }

    /** Through the cache, up to where the rest can pass it. */
    private int writeCached(long at, ByteBuffer data) throws IOException {
        int limit = data.limit();
        long tillAligned = alignment - at % alignment;
        boolean restPasses = direct != null && tillAligned < data.remaining()
                && (!data.isDirect() || data.alignmentOffset(data.position() + (int) tillAligned, alignment) == 0);
        if (restPasses) {
            data.limit(data.position() + (int) tillAligned);
        }
        try {
            return cached.write(data, at);
        } finally {
            data.limit(limit);
        }
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        requireRoom(offset, length);
        long at = offset;
        long end = offset + length;
        while (at < end) {
            if (cancelled.getAsBoolean()) {
                throw new CancelledException();
            }
            long step = Math.min(end - at, ZERO_STEP) & -(long) sector;
            if (zeroesByRequest && at % sector == 0 && step > 0) {
                zeroesByRequest = requestZeroes(at, step);
                at += zeroesByRequest ? step : 0;
            } else {
                long tillSector = zeroesByRequest && at % sector != 0 ? sector - at % sector : Long.MAX_VALUE;
                var piece = ZEROES.duplicate();
                piece.limit((int) Math.min(Math.min(piece.capacity(), end - at), tillSector));
                at += piece.remaining();
                write(at - piece.remaining(), piece);
            }
        }
        written = Math.max(written, end);
    }

    /** @return false where the device has to be written instead */
    private boolean requestZeroes(long offset, long length) throws IOException {
        try {
            claim.request(Kernel.BLKZEROOUT, offset, length);
            return true;
        } catch (Kernel.Failure failure) {
            if (failure.errno() == Kernel.EIO || failure.errno() == Kernel.ENOSPC) {
                throw Failures.writing(toString(), offset, length, failure);
            }
            LOG.log(System.Logger.Level.DEBUG, "{0}: zeroes have to be written: {1}", path, failure.getMessage());
            return false;
        }
    }

    private void requireRoom(long offset, long length) throws NoSpaceException {
        if (length > capacity - offset) {
            throw new NoSpaceException(path + ", offset " + offset + ": the device ends at " + capacity + ", so "
                    + length + " more bytes have no place.", null);
        }
    }

    @Override
    public Optional<Volume> finish(long size) throws IOException {
        requireRoom(0, size);
        if (finished != null) {
            throw new IllegalStateException(this + " is finished already");
        }
        if (size < written) {
            throw new IllegalArgumentException(this + " has " + written + " bytes already, finished with " + size);
        }
        try {
            cached.force(true);
        } catch (IOException failure) {
            throw Failures.flushing(toString(), size, failure);
        }
        dropCache();
        finished = DeviceVolume.open(path, sector, size);
        return Optional.of(finished);
    }

    /** So that what is read back comes from the medium. */
    private void dropCache() throws IOException {
        bestEffort(Kernel.BLKFLSBUF, "its cached blocks were not dropped at once");
        claim.forgetCached();
    }

    /** There is no final name to take; the system learns of new partitions. */
    @Override
    public void commit() throws IOException {
        if (finished == null) {
            throw new IllegalStateException(this + " is not finished yet");
        }
        if (wholeDisk) {
            bestEffort(Kernel.BLKRRPART, "the system did not read its partition table anew");
        }
    }

    private void bestEffort(long request, String otherwise) throws IOException {
        try {
            claim.request(request);
        } catch (Kernel.Failure failure) {
            LOG.log(System.Logger.Level.DEBUG, "{0}: {1}: {2}", path, otherwise, failure.getMessage());
        }
    }

    @Override
    public <A> Optional<A> as(Class<A> ability) {
        if (ability == Patch.class) {
            return Optional.of(ability.cast((Patch) this::patch));
        }
        if (ability == Stored.class && direct != null) {
            return Optional.of(ability.cast(new FileVolume.Verbatim(direct, alignment)));
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
        try (claim; cached; direct) {
            if (finished != null) {
                finished.close();
            }
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
