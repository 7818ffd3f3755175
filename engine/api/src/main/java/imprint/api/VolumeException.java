package imprint.api;

import java.io.IOException;

/**
 * Bytes that are not what they should be. The message is one sentence that begins with the volume's name and says where,
 * what was found and what was expected.
 */
public abstract sealed class VolumeException extends IOException {

    private static final long serialVersionUID = 1L;

    private final long offset;
    private final long length;

    private VolumeException(String volume, long offset, long length, String sentence, Throwable cause) {
        super(volume + (offset < 0 ? "" : ", offset " + offset) + ": " + sentence, cause);
        this.offset = offset;
        this.length = length;
    }

    /** First byte concerned, in the volume that the message names; -1 where no single place is to blame. */
    public long offset() {
        return offset;
    }

    /** Bytes concerned; 0 where it is not known. */
    public long length() {
        return length;
    }

    /** A checksum or a structure is wrong: the image is damaged. */
    public static final class Corrupt extends VolumeException {
        private static final long serialVersionUID = 1L;

        /** @param sentence what was found and what was expected, such as "header checksum is 5f1a33c0, expected 9b2210ee" */
        public Corrupt(Volume volume, long offset, long length, String sentence) {
            super(String.valueOf(volume), offset, length, sentence, null);
        }

        /** The same, with the library's own word as cause. */
        public Corrupt(Volume volume, long offset, long length, String sentence, Throwable cause) {
            super(String.valueOf(volume), offset, length, sentence, cause);
        }
    }

    /** Sound, but newer or rarer than what is read here. */
    public static final class Unsupported extends VolumeException {
        private static final long serialVersionUID = 1L;

        /** @param sentence names the field and its value, such as "checksum mode 0x77 is not one of 0, 0x20, 0x30, 0x31" */
        public Unsupported(Volume volume, long offset, String sentence) {
            super(String.valueOf(volume), offset, 0, sentence, null);
        }
    }

    /** The medium failed: no byte of the range is known. */
    public static final class Unreadable extends VolumeException {
        private static final long serialVersionUID = 1L;

        /** @param cause what the system said */
        public Unreadable(Volume volume, long offset, long length, Throwable cause) {
            super(String.valueOf(volume), offset, length, length + " bytes cannot be read ("
                    + (cause == null ? "bad sector" : cause.getMessage()) + ")", cause);
        }
    }
}
