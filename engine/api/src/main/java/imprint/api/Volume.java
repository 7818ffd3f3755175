package imprint.api;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Bytes of known length that can be read anywhere and that say which runs of them matter: a disk, a partition, an image
 * file, the disk inside an image file.
 *
 * <p>{@code toString} names the bytes for people ("sda1.img", "sda1.img, unpacked"); every message begins with it. All
 * methods may be called by several threads at once. Size, extents and content stay the same while the volume is open.
 * Closing while another thread reads lets that read end, with an {@link IOException} at worst; closing twice does no harm.
 */
@ConsumerType
public interface Volume extends Closeable {

    /** Bytes; -1 for a stream whose end is not known yet. */
    long size() throws IOException;

    /**
     * Reads from {@code offset} into {@code target} and advances its position. May read less than there is room for.
     * Ascending reads are cheap; a jump may cost a seek, a lookup or the unpacking of one frame.
     *
     * <p>Where a checksum lies behind what it covers, bytes may be given before it is known, and a later read throws for
     * them: only reading all in ascending order proves all. A read may wait for {@link Job#workers}, so none is made there.
     *
     * @return bytes read, at least 1 unless {@code target} has no room; -1 at or after the end
     * @throws VolumeException.Unreadable  the medium failed in this range; no byte of it is made up
     * @throws VolumeException.Corrupt     a checksum or a structure that covers this range is wrong
     * @throws VolumeException.Unsupported a stream was asked for bytes that have passed
     */
    int read(long offset, ByteBuffer target) throws IOException;

    /**
     * The run that starts at {@code offset}. It need not be the longest possible: two neighbours may be of one kind.
     *
     * @param offset from 0 to size - 1
     * @throws IndexOutOfBoundsException {@code offset} is at or after the end
     */
    default Extent extent(long offset) throws IOException {
        long size = size();
        long end = size < 0 ? Long.MAX_VALUE : size;
        if (offset < 0 || offset >= end) {
            throw new IndexOutOfBoundsException(this + " has " + end + " bytes, asked for the run at " + offset);
        }
        return new Extent(offset, end - offset, Extent.Kind.DATA);
    }

    /** Something that some volumes can do besides: {@link Stored}, {@link Parallel}, {@link Facts}. */
    default <A> Optional<A> as(Class<A> ability) {
        return Optional.empty();
    }
}
