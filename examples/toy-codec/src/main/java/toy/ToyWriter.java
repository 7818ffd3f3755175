package toy;

import imprint.api.CancelledException;
import imprint.api.Job;
import imprint.api.Volume;
import imprint.api.VolumeWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Gathers content into blocks and lays them down one after another. */
final class ToyWriter implements VolumeWriter {

    private final VolumeWriter image;
    private final int layout;
    private final Job job;
    private final ByteBuffer block = ByteBuffer.allocate(ToyFormat.BLOCK);
    private long laidDown;                                        // bytes of the image
    private long end;                                             // of the content so far

    ToyWriter(VolumeWriter image, int layout, Job job) throws IOException {
        this.image = image;
        this.layout = layout;
        this.job = job;
        put(ToyFormat.head(layout));
    }

    @Override public void write(long offset, ByteBuffer data) throws IOException {
        zeroUpTo(offset);
        while (data.hasRemaining()) {
            int length = Math.min(block.remaining(), data.remaining());
            block.put(data.slice(data.position(), length));
            data.position(data.position() + length);
            advance(length);
        }
    }

    @Override public void zero(long offset, long length) throws IOException {
        zeroUpTo(offset + length);
    }

    @Override public Optional<Volume> finish(long size) throws IOException {
        zeroUpTo(size);
        if (block.position() > 0) {
            layBlockDown();
        }
        put(ByteBuffer.allocate(ToyFormat.END).putInt(0).putLong(size).putInt(ToyFormat.checkOfEnd(layout, size)).flip());
        var stored = image.finish(laidDown);
        return stored.isEmpty() ? Optional.empty() : Optional.of(new ToyVolume(stored.get(), job));
    }

    @Override public void commit() throws IOException {
        image.commit();
    }

    @Override public void close() throws IOException {
        image.close();
    }

    @Override public String toString() {
        return image + ", packed";
    }

    /** There is no word for bytes that hold nothing: they are zeroes, which take two bytes for 129. */
    private void zeroUpTo(long offset) throws IOException {
        while (end < offset) {
            int length = (int) Math.min(block.remaining(), offset - end);
            block.put(new byte[length]);
            advance(length);
        }
    }

    private void advance(int length) throws IOException {
        end += length;
        if (!block.hasRemaining()) {
            layBlockDown();
        }
    }

    private void layBlockDown() throws IOException {
        if (job.cancelled()) {
            throw new CancelledException();
        }
        block.flip();
        var packed = ByteBuffer.allocate(Runs.worst(block.limit()));
        Runs.pack(block.duplicate(), packed);
        packed.flip();
        int check = ToyFormat.checkOfBlock(layout, end - block.limit(), packed.limit(), block);
        put(ByteBuffer.allocate(ToyFormat.BLOCK_HEAD + packed.limit())
                .putInt(block.limit()).putInt(packed.limit()).putInt(check).put(packed).flip());
        block.clear();
    }

    private void put(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        image.write(laidDown, bytes);
        laidDown += length;
    }
}
