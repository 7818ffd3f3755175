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

    /** One of the JDK's. It copies a direct buffer in pieces of 4 KiB; larger ones of our own were no faster. */
    record Message(MessageDigest digest) implements Hasher {

        @Override
        public void update(ByteBuffer data) {
            digest.update(data);
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
