package imprint.testing;

import imprint.api.Extent;
import imprint.api.Format;
import imprint.api.Job;
import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.VolumeWriter;
import imprint.api.Volumes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.zip.CRC32;

/**
 * A toy codec to try the contract on: magic, then frames of at most 64 KiB with every byte turned over, then an end. Each
 * {@link Flaw} is a mistake that is easily made.
 *
 * <pre>
 * magic     8 "XORtoy\1\n"
 * frame     u32 length, u32 CRC-32 of length and bytes, bytes
 * end       u32 0, u32 CRC-32 of size, u64 size of the content
 * </pre>
 */
final class XorFormat implements Format {

    enum Flaw {
        NONE, KEEPS_THE_BUFFER, CHECKS_NOTHING, IS_NOT_SHY, COMMITS_IN_FINISH, LEAVES_THE_IMAGE_OPEN, IGNORES_OPTIONS,
        TRUSTS_ONE_READ, TRUSTS_THE_LENGTH, IS_NOT_THREAD_SAFE, SWALLOWS_FAILURES, LIES_ABOUT_RUNS, STOPS_WITHOUT_AN_END,
        LEAVES_WORK_BEHIND, CLOSES_THE_IMAGE_ON_FAILURE, THROWS_WHAT_IT_LIKES, FORGETS_GAPS, CALLS_BAD_SECTORS_DAMAGE,
        READS_PAST_THE_LIMIT, CANNOT_READ_BACK, CRASHES_WHEN_CLOSED
    }

    private static final byte[] MAGIC = "XORtoy\1\n".getBytes(StandardCharsets.ISO_8859_1);
    private static final int FRAME = 64 * 1024, HEADER = 8, END = 16;

    private final Flaw flaw;

    XorFormat(Flaw flaw) {
        this.flaw = flaw;
    }

    @Override
    public boolean recognises(ByteBuffer head, ByteBuffer tail) {
        int looked = flaw == Flaw.IS_NOT_SHY ? 2 : MAGIC.length;
        return head.remaining() >= looked && head.slice(head.position(), looked).equals(ByteBuffer.wrap(MAGIC, 0, looked));
    }

    @Override
    public Volume open(Volume image, Job job) throws IOException {
        try {
            return new Reader(image, job);
        } catch (IOException e) {
            if (flaw == Flaw.CLOSES_THE_IMAGE_ON_FAILURE) {
                image.close();
            }
            throw e;
        }
    }

    @Override
    public VolumeWriter create(VolumeWriter image, Volume content, Map<String, String> options, Job job) throws IOException {
        if (flaw != Flaw.IGNORES_OPTIONS && !options.isEmpty()) {
            throw new IllegalArgumentException("xor has no options, so not " + options.keySet());
        }
        image.write(0, ByteBuffer.wrap(MAGIC));
        return new Writer(image, job);
    }

    private static int crc(int length, ByteBuffer bytes) {
        var crc = new CRC32();
        crc.update(ByteBuffer.allocate(4).putInt(0, length));
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static int crc(long size) {
        return crc(0, ByteBuffer.allocate(8).putLong(0, size));
    }

    private record Frame(long start, int length, long stored) {}

    private final class Reader implements Volume {

        private final Volume image;
        private final long size;
        private final List<Frame> frames = new ArrayList<>();
        private Frame current = new Frame(0, 0, 0);
        private ByteBuffer bytes = ByteBuffer.allocate(0);
        private final ByteBuffer shared = ByteBuffer.allocate(4 + FRAME);
        private boolean ended;

        Reader(Volume image, Job job) throws IOException {
            this.image = image;
            if (!recognises(Volumes.head(image, MAGIC.length), ByteBuffer.allocate(0))) {
                throw new VolumeException.Corrupt(image, 0, MAGIC.length, "no image of the xor toy begins like this");
            }
            if (flaw == Flaw.LEAVES_WORK_BEHIND) {
                job.workers().execute(() -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            this.size = image.size() < 0 || flaw == Flaw.STOPS_WITHOUT_AN_END ? -1 : end(image.size() - END);
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public int read(long offset, ByteBuffer target) throws IOException {
            if (flaw == Flaw.IS_NOT_THREAD_SAFE) {
                return readAlone(offset, target);
            }
            bytes.limit();                                         // of nothing, where closing has crashed it
            synchronized (this) {
                return readAlone(offset, target);
            }
        }

        @Override
        public Extent extent(long offset) throws IOException {
            var run = Volume.super.extent(offset);
            return flaw == Flaw.LIES_ABOUT_RUNS && size > 65_536 && offset < 512
                    ? new Extent(offset, 512 - offset, Extent.Kind.UNUSED) : run;
        }

        @Override
        public void close() throws IOException {
            if (flaw == Flaw.CRASHES_WHEN_CLOSED) {
                bytes = null;
            }
            if (flaw != Flaw.LEAVES_THE_IMAGE_OPEN) {
                image.close();
            }
        }

        @Override
        public String toString() {
            return image + ", unpacked";
        }

        private int readAlone(long offset, ByteBuffer target) throws IOException {
            if (!target.hasRemaining()) {
                return 0;
            }
            if (offset < current.start || offset >= current.start + current.length) {
                var frame = frameOf(offset);
                if (frame == null) {
                    return -1;
                }
                if (!frame.equals(current)) { // next() loaded it, and a stream gives it only once
                    load(frame);
                }
            }
            int from = (int) (offset - current.start);
            int length = Math.min(target.remaining(), current.length - from);
            if (flaw == Flaw.READS_PAST_THE_LIMIT) {
                target.limit(target.capacity());
                length = Math.min(target.remaining(), current.length - from);
            }
            target.put(bytes.slice(from, length));
            return length;
        }

        private Frame frameOf(long offset) throws IOException {
            int low = 0;
            for (int high = frames.size(); low < high;) {
                int middle = low + high >>> 1;
                if (frames.get(middle).start + frames.get(middle).length <= offset) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            while (low >= frames.size()) {
                if (ended) {
                    return null;
                }
                next();
            }
            return frames.get(low).start + frames.get(low).length > offset ? frames.get(low) : frameOf(offset);
        }

        private void next() throws IOException {
            long start = 0;
            long stored = MAGIC.length;
            if (!frames.isEmpty()) {
                var last = frames.getLast();
                start = last.start + last.length;
                stored = last.stored + HEADER + last.length;
            }
            if (flaw == Flaw.STOPS_WITHOUT_AN_END && Volumes.readUpTo(image, stored, ByteBuffer.allocate(4)) < 4) {
                ended = true;
                return;
            }
            int length = Volumes.read(image, stored, 4).getInt();
            if (length == 0) {
                ended = true;
                if (image.size() < 0) {
                    endOfStream(stored);
                } else if (flaw != Flaw.STOPS_WITHOUT_AN_END && (stored != image.size() - END || start != size)) {
                    throw new VolumeException.Corrupt(image, stored, 4, "the end stands here, after " + start + " of " + size + " bytes");
                }
                return;
            }
            if (flaw != Flaw.TRUSTS_THE_LENGTH && (length < 0 || length > FRAME)) {
                throw new VolumeException.Corrupt(image, stored, 4, "a frame of " + length + " bytes, at most " + FRAME + " are allowed");
            }
            var frame = new Frame(start, length, stored);
            load(frame);
            frames.add(frame);
        }

        private void load(Frame frame) throws IOException {
            // a stream gives the length only once, so that the rest is read behind it
            var rest = flaw == Flaw.IS_NOT_THREAD_SAFE ? shared.slice(0, 4 + frame.length) : ByteBuffer.allocate(4 + frame.length);
            rest.order(ByteOrder.LITTLE_ENDIAN);
            try {
                if (flaw == Flaw.TRUSTS_ONE_READ) {
                    image.read(frame.stored + 4, rest);
                    rest.position(rest.limit());
                } else {
                    Volumes.readFully(image, frame.stored + 4, rest);
                }
            } catch (VolumeException.Unreadable e) {
                if (flaw == Flaw.CALLS_BAD_SECTORS_DAMAGE) {
                    throw new VolumeException.Corrupt(image, frame.stored, frame.length, "the frame is damaged", e);
                }
                throw e;
            }
            int crc = rest.flip().getInt();
            turn(rest.slice());
            int found = crc(frame.length, rest.slice());
            if (found != crc && flaw != Flaw.CHECKS_NOTHING) {
                if (flaw == Flaw.THROWS_WHAT_IT_LIKES) {
                    throw new IllegalStateException("CRC");
                }
                throw new VolumeException.Corrupt(image, frame.stored, frame.length,
                        "checksum is %08x, expected %08x".formatted(found, crc));
            }
            bytes = rest.slice();
            current = frame;
        }

        private long end(long at) throws IOException {
            if (at < MAGIC.length) {
                throw new VolumeException.Corrupt(image, 0, 0, "has " + (at + END) + " bytes, too few for an end");
            }
            return size(Volumes.read(image, at, END), at);
        }

        private void endOfStream(long at) throws IOException {
            var end = ByteBuffer.allocate(END).order(ByteOrder.LITTLE_ENDIAN).putInt(0);
            Volumes.readFully(image, at + 4, end);
            size(end.flip(), at);
        }

        private long size(ByteBuffer end, long at) throws IOException {
            int length = end.getInt();
            int crc = end.getInt();
            long found = end.getLong();
            if (length != 0 || crc != crc(found) || found < 0) {
                throw new VolumeException.Corrupt(image, at, END, "this is no end: %d, %08x, %d".formatted(length, crc, found));
            }
            return found;
        }
    }

    private static void turn(ByteBuffer bytes) {
        for (int i = 0; i < bytes.limit(); i++) {
            bytes.put(i, (byte) ~bytes.get(i));
        }
    }

    private final class Writer implements VolumeWriter {

        private final VolumeWriter image;
        private final Job job;
        private final List<ByteBuffer> kept = new ArrayList<>();
        private long stored = MAGIC.length;
        private long end;

        Writer(VolumeWriter image, Job job) {
            this.image = image;
            this.job = job;
        }

        @Override
        public void write(long offset, ByteBuffer data) throws IOException {
            if (flaw == Flaw.FORGETS_GAPS) {
                end = offset;
            }
            zero(end, offset - end);
            if (flaw == Flaw.KEEPS_THE_BUFFER) {
                kept.add(data.slice());
                end += data.remaining();
                data.position(data.limit());
                return;
            }
            while (data.hasRemaining()) {
                int length = Math.min(FRAME, data.remaining());
                frame(data.slice(data.position(), length));
                data.position(data.position() + length);
            }
        }

        @Override
        public void zero(long offset, long length) throws IOException {
            long from = flaw == Flaw.FORGETS_GAPS ? offset : end;
            for (long left = offset + length - from; left > 0; left -= FRAME) {
                frame(ByteBuffer.allocate((int) Math.min(FRAME, left)));
            }
        }

        @Override
        public Optional<Volume> finish(long size) throws IOException {
            for (var data : kept) {
                for (end -= data.remaining(); data.hasRemaining();) {
                    int length = Math.min(FRAME, data.remaining());
                    frame(data.slice(data.position(), length));
                    data.position(data.position() + length);
                }
            }
            zero(end, size - end);
            put(ByteBuffer.allocate(END).order(ByteOrder.LITTLE_ENDIAN).putInt(0).putInt(crc(size)).putLong(size).flip());
            var below = image.finish(stored);
            if (flaw == Flaw.COMMITS_IN_FINISH) {
                image.commit();
            }
            return below.isEmpty() || flaw == Flaw.CANNOT_READ_BACK ? Optional.empty() : Optional.of(open(below.get(), job));
        }

        @Override
        public void commit() throws IOException {
            if (flaw != Flaw.COMMITS_IN_FINISH) {
                image.commit();
            }
        }

        @Override
        public void close() throws IOException {
            image.close();
        }

        @Override
        public String toString() {
            return image + ", packed";
        }

        private void frame(ByteBuffer data) throws IOException {
            var frame = ByteBuffer.allocate(HEADER + data.remaining()).order(ByteOrder.LITTLE_ENDIAN);
            int length = data.remaining();
            frame.putInt(length).putInt(crc(length, data.duplicate())).put(data).flip();
            turn(frame.slice(HEADER, length));
            put(frame);
            end += length;
        }

        private void put(ByteBuffer bytes) throws IOException {
            int length = bytes.remaining();
            try {
                image.write(stored, bytes);
            } catch (IOException e) {
                if (flaw != Flaw.SWALLOWS_FAILURES) {
                    throw e;
                }
            }
            stored += length;
        }
    }
}
