package imprint.shell;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** Sizes, rates and times in words and back, the same in every locale: GB is 1000, GiB is 1024. */
final class Sizes {
    private static final List<String> PREFIXES = List.of("", "k", "M", "G", "T", "P", "E");

    private Sizes() {}

    /**
     * Bytes of "512", "4k", "4MB", "4GiB", "1.5Ti".
     *
     * @param what named in the sentence of a refusal
     * @throws IllegalArgumentException it is no size, or more than 2^63 - 1 bytes
     */
    static long parse(String what, String text) {
        int digits = 0;
        while (digits < text.length() && (Character.toString(text.charAt(digits)).matches("[0-9.]"))) {
            digits++;
        }
        String unit = text.substring(digits);
        if (unit.endsWith("B")) {
            unit = unit.substring(0, unit.length() - 1);
        }
        boolean binary = unit.endsWith("i");
        String prefix = binary ? unit.substring(0, unit.length() - 1) : unit;
        int power = PREFIXES.indexOf(prefix.equals("K") ? "k" : prefix);
        if (!text.substring(0, digits).matches("[0-9]{1,19}(\\.[0-9]{1,6})?") || power < 0 || binary && power == 0) {
            throw new IllegalArgumentException(what + " takes a size such as 64M (million bytes) or 64MiB (1024 x 1024), not \""
                    + text + "\"");
        }
        var bytes = new BigDecimal(text.substring(0, digits)).multiply(BigDecimal.valueOf(binary ? 1024 : 1000).pow(power));
        if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException(what + " " + text + " is more than a file can have");
        }
        return bytes.longValue();
    }

    /** "480103981056 bytes (480.1 GB, 447.1 GiB)". */
    static String words(long bytes) {
        if (bytes < 0) {
            return "unknown size";
        }
        return bytes < 1000 ? bytes + " bytes" : bytes + " bytes (" + decimal(bytes) + ", " + binary(bytes) + ")";
    }

    /** "480.1 GB". */
    static String decimal(long bytes) {
        int power = power(bytes, 1000);
        return inUnits(bytes, 1000, power) + " " + PREFIXES.get(power) + "B";
    }

    /** "61.2 of 118.4 GB", both in the unit of the second. */
    static String part(long done, long total) {
        int power = power(total, 1000);
        return inUnits(done, 1000, power) + " of " + decimal(total);
    }

    /** "2 min 24 s"; two units at most. */
    static String time(long seconds) {
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        if (seconds < 48 * 3600) {
            return seconds / 3600 + " h " + seconds / 60 % 60 + " min";
        }
        return seconds / 86400 + " days " + seconds / 3600 % 24 + " h";
    }

    private static String binary(long bytes) {
        int power = power(bytes, 1024);
        return inUnits(bytes, 1024, power) + (power == 0 ? " bytes" : " " + (power == 1 ? "K" : PREFIXES.get(power)) + "iB");
    }

    private static int power(long bytes, long base) {
        int power = 0;
        for (long rest = bytes; rest >= base; rest /= base) {
            power++;
        }
        return power;
    }

    private static String inUnits(long bytes, long base, int power) {
        return power == 0 ? Long.toString(bytes)
                : BigDecimal.valueOf(bytes).divide(BigDecimal.valueOf(base).pow(power), 1, RoundingMode.HALF_UP).toPlainString();
    }
}
