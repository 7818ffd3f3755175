package imprint.gzip;

import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.codec.FrameIndex.Frame;
import imprint.codec.PackedInput;
import imprint.codec.Unpacking;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Unpacks the members of one gzip image. */
record GzipUnpacking(Volume image) implements Unpacking {

    private static final int USUAL_HEADER = 64;
    private static final int SCRATCH = 64 * 1024;
    private static final int BEST_RATIO = 800;                // deflate reaches 1030 at most, after some bytes of header

    @Override
    public Unpacker unpacker() {
        return new WholeMembers();
    }

    @Override
    public Ascent ascend(PackedInput input) {
        return new Members(input);
    }

    @Override
    public boolean mayBeZeroes(long packed, long length) {
        return packed <= length / BEST_RATIO + USUAL_HEADER;
    }

    @Override
    public boolean isZeroes(ByteBuffer packed, Frame frame) throws IOException {
        var nothing = ByteBuffer.allocate(SCRATCH);
        var content = ByteBuffer.allocate(SCRATCH);
        var input = new PackedInput(image, frame.at(), frame.at() + frame.packed());
        long length = 0;
        try (var members = ascend(input)) {
            while (members.read(content.clear()) >= 0) {
                length += content.flip().remaining();
                if (content.mismatch(nothing.slice(0, content.remaining())) >= 0) {
                    return false;
                }
            }
        }
        return length == frame.length();
    }

    private VolumeException.Corrupt damaged(long at, long length, DataFormatException cause) {
        return new VolumeException.Corrupt(image, at, length, "member cannot be unpacked: "
                + (cause.getMessage() == null ? "invalid data" : cause.getMessage()), cause);
    }

    /** @param trailer at its position, little-endian; moved past */
    private void check(ByteBuffer trailer, CRC32 crc, long length, long at) throws VolumeException {
        int sum = trailer.getInt();
        int size = trailer.getInt();
        if (sum != (int) crc.getValue()) {
            throw new VolumeException.Corrupt(image, at, 4, String.format(
                    "checksum of the member is %08x, the content has %08x", sum, (int) crc.getValue()));
        }
        if (size != (int) length) {
            throw new VolumeException.Corrupt(image, at + 4, 4, "size of the member is " + Integer.toUnsignedLong(size)
                    + ", the content has " + length + " (modulo 2^32)");
        }
    }

    /** Each member in one go. */
    private final class WholeMembers implements Unpacker {

        private final Inflater inflater = new Inflater(true);
        private final CRC32 crc = new CRC32();
        private final ByteBuffer more = ByteBuffer.allocateDirect(1);

        @Override
        public void unpack(ByteBuffer packed, ByteBuffer target, Frame frame) throws IOException {
            packed.order(ByteOrder.LITTLE_ENDIAN);
            int start = packed.position();
            int header = MemberHeader.check(packed, image, frame.at());
            if (header < 0) {
                throw new VolumeException.Corrupt(image, frame.at(), frame.packed(), "member of " + frame.packed() + " bytes ends within its header");
            }
            packed.position(start + header);
            inflater.reset();
            inflater.setInput(packed);
            int from = target.position();
            try {
                while (target.hasRemaining() && inflater.inflate(target) > 0) {
                    continue;
                }
                if (!inflater.finished() && inflater.inflate(more.clear()) > 0) {
                    throw new VolumeException.Corrupt(image, frame.at(), frame.packed(), "member unpacks to more than " + frame.length() + " bytes");
                }
            } catch (DataFormatException e) {
                throw damaged(frame.at(), frame.packed(), e);
            }
            long end = frame.at() + packed.position() - start;
            if (!inflater.finished() || packed.remaining() != MemberHeader.TRAILER || target.hasRemaining()) {
                throw new VolumeException.Corrupt(image, end, 0, "member unpacks to " + (target.position() - from) + " bytes and leaves "
                        + packed.remaining() + ", expected " + frame.length() + " and " + MemberHeader.TRAILER);
            }
            crc.reset();
            crc.update(target.slice(from, target.position() - from));
            check(packed, crc, frame.length(), end);
        }

        @Override
        public void close() {
            inflater.end();
        }
    }

    /** Member after member. */
    private final class Members implements Ascent {

        private final PackedInput input;
        private final Inflater inflater = new Inflater(true);
        private final CRC32 crc = new CRC32();
        private boolean inside;
        private boolean any;
        private long start;
        private long length;

        Members(PackedInput input) {
            this.input = input;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            int before = target.position();
            while (target.position() == before) {
                if (!inside && !begin()) {
                    return -1;
                }
                while (inside && target.hasRemaining()) {
                    step(target);
                }
                if (inside) {
                    finishIfDone(target);
                }
            }
            return target.position() - before;
        }

        @Override
        public long nextFrame() {
            return inside ? -1 : input.at();
        }

        @Override
        public void close() {
            inflater.end();
        }

        /** @return false at the end of the image */
        private boolean begin() throws IOException {
            int here = input.require(USUAL_HEADER);
            if (here == 0) {
                return false;
            }
            start = input.at();
            var head = input.buffer();
            if (any && head.get(head.position()) == 0) {
                passPadding();
                return false;
            }
            int header = here < MemberHeader.SHORTEST ? -1 : MemberHeader.check(head, image, start);
            if (header < 0) {
                here = input.require(PackedInput.BUFFER);
                header = here < MemberHeader.SHORTEST ? -1 : MemberHeader.check(head, image, start);
            }
            if (header < 0) {
                if (here > 1 && (head.get(head.position()) != MemberHeader.ID1 || head.get(head.position() + 1) != MemberHeader.ID2)) {
                    throw MemberHeader.notAMember(image, start, head);
                }
                if (here == PackedInput.BUFFER) {
                    throw new VolumeException.Unsupported(image, start, "a member's header has more than " + here + " bytes");
                }
                throw new VolumeException.Corrupt(image, start, here, "ends within a member's header, " + here + " bytes are here");
            }
            head.position(head.position() + header);
            inflater.reset();
            crc.reset();
            length = 0;
            inside = true;
            any = true;
            return true;
        }

        /** As gzip does: zeroes may follow the last member, up to the end of a tape's block. */
        private void passPadding() throws IOException {
            while (input.require(1) > 0) {
                var padding = input.buffer();
                while (padding.hasRemaining()) {
                    byte found = padding.get();
                    if (found != 0) {
                        throw new VolumeException.Corrupt(image, input.at() - 1, 0, String.format(
                                "found %02x in the zeroes after the last member", found & 0xFF));
                    }
                }
            }
        }

        private void step(ByteBuffer target) throws IOException {
            if (!inflater.finished()) {
                if (input.require(1) == 0) {
                    throw cutShort("data");
                }
                inflater.setInput(input.buffer());
                int from = target.position();
                try {
                    inflater.inflate(target);
                } catch (DataFormatException e) {
                    throw damaged(start, input.at() - start, e);
                }
                crc.update(target.slice(from, target.position() - from));
                length += target.position() - from;
                if (inflater.needsDictionary()) {
                    throw new VolumeException.Corrupt(image, start, 0, "member asks for a dictionary, which gzip does not have");
                }
            }
            if (inflater.finished()) {
                long at = input.at();
                if (input.require(MemberHeader.TRAILER) < MemberHeader.TRAILER) {
                    throw cutShort("trailer");
                }
                check(input.buffer(), crc, length, at);
                inside = false;
            }
        }

        /** The last byte may be out before the end mark is read: look, without room for more. */
        private void finishIfDone(ByteBuffer full) throws IOException {
            if (input.require(1) > 0) {
                step(full);
            }
        }

        private VolumeException.Corrupt cutShort(String where) {
            return new VolumeException.Corrupt(image, input.at(), 0, "ends within the " + where + " of the member that begins at " + start
                    + ", " + input.buffer().remaining() + " bytes are here");
        }
    }
}
