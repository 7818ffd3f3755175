package imprint.gzip;

import imprint.api.Volume;
import imprint.api.VolumeException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** The first bytes of a gzip member, little-endian. Layout: RFC 1952, section 2.3. */
final class MemberHeader {

    static final int SHORTEST = 10;
    static final int TRAILER = 8;
    static final byte ID1 = 0x1F, ID2 = (byte) 0x8B, DEFLATE = 8;
    static final int HEADER_CRC = 2, EXTRA = 4, NAME = 8, COMMENT = 16, RESERVED = 0xE0;
    static final int SMALLEST = 2, FASTEST = 4;               // hints of how it was packed

    private static final int METHOD = 2, FLAGS = 3, HINT = 8;

    private MemberHeader() {}

    /** Whether these bytes begin like a member whose first block can be. */
    static boolean isPlausible(ByteBuffer head) {
        int start = head.position();
        if (head.remaining() < SHORTEST || head.get(start) != ID1 || head.get(start + 1) != ID2
                || head.get(start + METHOD) != DEFLATE || (head.get(start + FLAGS) & RESERVED) != 0
                || (head.get(start + HINT) & ~(SMALLEST | FASTEST)) != 0 || head.get(start + HINT) == (SMALLEST | FASTEST)) {
            return false;
        }
        int length = lengthOf(head);
        return length < 0 || head.remaining() == length || (head.get(start + length) >> 1 & 3) != 3;
    }

    /**
     * Checks a header.
     *
     * @param head whose position is the member's first byte, and does not move
     * @param at   offset of the member in the image
     * @return bytes of the header; -1 where {@code head} ends before it
     * @throws VolumeException.Corrupt     no member begins here, or the header's checksum is wrong
     * @throws VolumeException.Unsupported another method than deflate, or reserved flags
     */
    static int check(ByteBuffer head, Volume image, long at) throws VolumeException {
        int start = head.position();
        if (head.remaining() < SHORTEST) {
            return -1;
        }
        if (head.get(start) != ID1 || head.get(start + 1) != ID2) {
            throw notAMember(image, at, head);
        }
        if (head.get(start + METHOD) != DEFLATE) {
            throw new VolumeException.Unsupported(image, at + METHOD,
                    "compression method " + (head.get(start + METHOD) & 0xFF) + " is not 8, deflate");
        }
        int flags = head.get(start + FLAGS) & 0xFF;
        if ((flags & RESERVED) != 0) {
            throw new VolumeException.Unsupported(image, at + FLAGS,
                    "flags " + Integer.toHexString(flags) + " use bits that are reserved");
        }
        int length = lengthOf(head);
        if (length > 0 && (flags & HEADER_CRC) != 0) {
            var crc = new CRC32();
            crc.update(head.slice(start, length - 2));
            int found = u16(head, start + length - 2);
            if (found != (crc.getValue() & 0xFFFF)) {
                throw new VolumeException.Corrupt(image, at, length, String.format(
                        "header checksum is %04x, expected %04x", found, crc.getValue() & 0xFFFF));
            }
        }
        return length;
    }

    static VolumeException.Corrupt notAMember(Volume image, long at, ByteBuffer found) {
        return new VolumeException.Corrupt(image, at, 0, String.format(
                "found %02x %02x where a member has to begin, expected 1f 8b",
                found.get(found.position()) & 0xFF, found.remaining() > 1 ? found.get(found.position() + 1) & 0xFF : 0));
    }

    private static int lengthOf(ByteBuffer head) {
        int flags = head.get(head.position() + FLAGS);
        int at = head.position() + SHORTEST;
        if ((flags & EXTRA) != 0) {
            if (head.limit() - at < 2) {
                return -1;
            }
            at += 2 + u16(head, at);
        }
        for (int text : new int[] {NAME, COMMENT}) {
            if ((flags & text) != 0) {
                while (at < head.limit() && head.get(at) != 0) {
                    at++;
                }
                at++;
            }
        }
        if ((flags & HEADER_CRC) != 0) {
            at += 2;
        }
        return at > head.limit() ? -1 : at - head.position();
    }

    private static int u16(ByteBuffer bytes, int at) {
        return bytes.get(at) & 0xFF | (bytes.get(at + 1) & 0xFF) << 8;
    }
}
