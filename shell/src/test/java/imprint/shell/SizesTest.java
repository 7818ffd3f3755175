package imprint.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({"512,512", "512B,512", "4k,4000", "4K,4000", "4kB,4000", "4Ki,4096", "4KiB,4096", "1.5G,1500000000",
            "4GiB,4294967296", "2M,2000000", "2MiB,2097152", "1T,1000000000000", "8191PiB,9222246136947933184"})
    void readsThousandsAndPowersOfTwo(String text, long bytes) {
        assertEquals(bytes, Sizes.parse("--memory", text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "G", "-1", "+1", "1 G", "1g", "1i", "1iB", "1GG", "1.G", ".5G", "1e3", "٣", "0x10", "8192PiB", "99999999999999999999"})
    void refusesWhatIsNoSizeAndQuotesIt(String text) {
        var refusal = assertThrows(IllegalArgumentException.class, () -> Sizes.parse("--memory", text));

        assertTrue(refusal.getMessage().contains("--memory") && refusal.getMessage().contains(text), refusal.getMessage());
    }

    @Test void saysBytesAndBothUnits() {
        assertEquals("480103981056 bytes (480.1 GB, 447.1 GiB)", Sizes.words(480103981056L));
        assertEquals("999 bytes", Sizes.words(999));
        assertEquals("1000 bytes (1.0 kB, 1000 bytes)", Sizes.words(1000));
        assertEquals("unknown size", Sizes.words(-1));
        assertEquals("9223372036854775807 bytes (9.2 EB, 8.0 EiB)", Sizes.words(Long.MAX_VALUE));
    }

    @Test void saysAPartInTheUnitOfTheWhole() {
        assertEquals("61.2 of 118.4 GB", Sizes.part(61_200_000_000L, 118_400_000_000L));
        assertEquals("0.0 of 1.0 GB", Sizes.part(0, 1_000_000_000));
    }

    @Test void saysTimesInTwoUnits() {
        assertEquals("45 s", Sizes.time(45));
        assertEquals("2 min 24 s", Sizes.time(144));
        assertEquals("3 h 5 min", Sizes.time(3 * 3600 + 300));
        assertEquals("2 days 1 h", Sizes.time(49 * 3600));
    }
}
