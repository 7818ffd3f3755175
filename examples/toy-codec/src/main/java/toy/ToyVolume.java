package toy;

import imprint.api.CancelledException;
import imprint.api.Job;
import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.Volumes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The content of an image. Ascending reads unpack each block once; a read that goes back begins at the first block again. */
final class ToyVolume implements Volume {

    private final Volume image;
    private final Job job;
    private final int layout;
    private final long size;

    private ByteBuffer block = ByteBuffer.allocate(0);            // unpacked, and where it begins
    private long start;
    private long next = ToyFormat.HEAD;                           // where the block after it lies in the image
    private boolean ended;

    ToyVolume(Volume image, Job job) throws IOException {
        this.image = image;
        this.job = job;
        var head = Volumes.read(image, 0, ToyFormat.HEAD);
        this.layout = head.get(ToyFormat.HEAD - 1);
        if (!head.equals(ToyFormat.head(layout))) {
            throw new VolumeException.Corrupt(image, 0, ToyFormat.HEAD, "does not begin with TOYcode");
        }
        if (!ToyFormat.isKnown(layout)) {
            throw new VolumeException.Unsupported(image, ToyFormat.HEAD - 1, "layout " + layout + " is not one of 1 to " + ToyFormat.WRITTEN);
        }
        this.size = image.size() < 0 ? -1 : end(image.size() - ToyFormat.END);
    }

    @Override public long size() {
        return size;
    }

    @Override public synchronized int read(long offset, ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            return 0;
        }
        if (offset < start) {
            block = ByteBuffer.allocate(0);
            start = 0;
            next = ToyFormat.HEAD;
            ended = false;
        }
        while (offset >= start + block.limit()) {
            if (ended || !advance()) {
                return -1;
            }
        }
        int from = (int) (offset - start);
        int length = Math.min(target.remaining(), block.limit() - from);
        target.put(block.slice(from, length));
        return length;
    }

    @Override public void close() throws IOException {
        image.close();
    }

    @Override public String toString() {
        return image + ", unpacked";
    }

    /** Unpacks the next block. @return false where the end stands instead */
    private boolean advance() throws IOException {
        if (job.cancelled()) {
            throw new CancelledException();
        }
        long at = next;
        int length = number(at, "length");
        if (length == 0) {
            long promised = end(at);
            if (promised != start + block.limit() || size >= 0 && at != image.size() - ToyFormat.END) {
                throw new VolumeException.Corrupt(image, at, ToyFormat.END, "the end stands here, after " + (start + block.limit())
                        + " of " + promised + " bytes");
            }
            ended = true;
            return false;
        }
        int packedLength = number(at + 4, "packed length");
        if (length > ToyFormat.BLOCK || packedLength > Runs.worst(length)) {
            throw new VolumeException.Corrupt(image, at, 8, "a block of " + length + " bytes in " + packedLength
                    + ", at most " + ToyFormat.BLOCK + " are allowed");
        }
        var rest = ByteBuffer.allocate(4 + packedLength);         // a stream gives every byte once, so never again the lengths
        Volumes.readFully(image, at + 8, rest);
        int expected = rest.flip().getInt();
        var unpacked = ByteBuffer.allocate(length);
        boolean whole = Runs.unpack(rest, unpacked);
        int found = ToyFormat.checkOfBlock(layout, start + block.limit(), packedLength, unpacked.flip());
        if (!whole || found != expected) {
            throw new VolumeException.Corrupt(image, at, ToyFormat.BLOCK_HEAD + packedLength,
                    "checksum is %08x, expected %08x".formatted(found, expected));
        }
        start += block.limit();
        block = unpacked;
        next = at + ToyFormat.BLOCK_HEAD + packedLength;
        return true;
    }

    private int number(long at, String name) throws IOException {
        int number = Volumes.read(image, at, 4).order(ByteOrder.BIG_ENDIAN).getInt();
        if (number < 0) {
            throw new VolumeException.Corrupt(image, at, 4, name + " is " + Integer.toUnsignedString(number));
        }
        return number;
    }

    /** Reads and checks the end. In a stream its first number has passed already, and is the zero that told it. */
    private long end(long at) throws IOException {
        if (at < ToyFormat.HEAD) {
            throw new VolumeException.Corrupt(image, 0, 0, "has " + (at + ToyFormat.END) + " bytes, too few for a head and an end");
        }
        int zero = image.size() < 0 ? 0 : number(at, "the end");
        var rest = Volumes.read(image, at + 4, 12).order(ByteOrder.BIG_ENDIAN);
        long stored = rest.getLong();
        int expected = rest.getInt();
        int found = ToyFormat.checkOfEnd(layout, stored);
        if (zero != 0 || found != expected) {
            throw new VolumeException.Corrupt(image, at, ToyFormat.END, "this is no end of an image: checksum is %08x, expected %08x"
                    .formatted(found, expected));
        }
        return stored;
    }
}
