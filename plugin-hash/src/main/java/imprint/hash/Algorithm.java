package imprint.hash;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The digests there are; in lower case their names are also the endings of their files. */
enum Algorithm {
    SHA256("SHA-256", 64), SHA224("SHA-224", 56), SHA384("SHA-384", 96), SHA512("SHA-512", 128), SHA1("SHA-1", 40),
    MD5("MD5", 32), CRC32("CRC32", 8);

    private final String jdkName;
    private final int digits;

    Algorithm(String jdkName, int digits) {
        this.jdkName = jdkName;
        this.digits = digits;
    }

    /** As {@code --digest} takes it and files end in it: "sha256". */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Hexadecimal digits of one digest. */
    int digits() {
        return digits;
    }

    /** @throws IllegalArgumentException there is none of this name */
    static Algorithm named(String id) {
        return Arrays.stream(values()).filter(each -> each.id().equals(id)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + id + "\" is not one of the digests "
                        + Arrays.stream(values()).map(Algorithm::id).collect(Collectors.joining(", "))));
    }

    /** The one that a file lists by its name: "SHA256SUMS", "md5sum.txt". */
    static Optional<Algorithm> listedIn(String file) {
        var name = file.toUpperCase(Locale.ROOT);
        return Arrays.stream(values()).filter(each -> name.matches(each.name() + "SUMS?(\\.TXT)?")).findFirst();
    }

    /** Begins a digest. */
    Hasher begin() {
        if (this == CRC32) {
            return new Hasher.Crc();
        }
        try {
            return new Hasher.Message(MessageDigest.getInstance(jdkName));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has " + jdkName, impossible);
        }
    }
}
