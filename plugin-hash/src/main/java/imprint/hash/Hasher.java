package imprint.hash;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A digest under way. */
sealed interface Hasher {

    /** Takes all remaining bytes. */
    void update(ByteBuffer data);

    /** Lower-case hex; ends the digest. */
    String hex();

    /** One of the JDK's. It wants arrays: given a direct buffer itself, it copies in pieces of 4 KiB. */
    record Message(MessageDigest digest, byte[] piece) implements Hasher {

        private static final int PIECE = 64 * 1024;

        Message(MessageDigest digest) {
            this(digest, new byte[PIECE]);
        }

        @Override
        public void update(ByteBuffer data) {
            if (data.hasArray()) {
                digest.update(data);
                return;
            }
            while (data.hasRemaining()) {
                int length = Math.min(piece.length, data.remaining());
                data.get(piece, 0, length);
                digest.update(piece, 0, length);
            }
        }

        @Override
        public String hex() {
            return HexFormat.of().formatHex(digest.digest());
        }
    }

    /** CRC-32 as zip, gzip and PNG have it. */
    record Crc(java.util.zip.CRC32 crc) implements Hasher {

        Crc() {
            this(new java.util.zip.CRC32());
        }

        @Override
        public void update(ByteBuffer data) {
            crc.update(data);
        }

        @Override
        public String hex() {
            return HexFormat.of().toHexDigits(crc.getValue(), 8);
        }
    }
}
