package imprint.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.Layer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultsTest {
    private final Defaults defaults = new Defaults(Workbench.INSTALLED);

    @ParameterizedTest(name = "{0} {1} {2}: {3}")
    @CsvSource({
            "a.img, , , ''", "A.IMG, , , ''", "a.iso, , , ''",
            "a.img.zst, , , zstd", "a.img.gz, , , gzip", "a.zst, , , zstd",
            "a.qcow2, , , qcow2", "a.qcow2.zst, , , qcow2 zstd",
            "case17, , , zstd", "'', , , zstd",
            "case17, raw, , zstd", "case17, qcow2, , qcow2", "case17, partclone, , partclone zstd",
            "case17, , none, ''", "case17, , gzip, gzip", "a.img, , zstd, zstd", "a.qcow2, raw, , ''",
            "a.img.zst, partclone, none, partclone", "a.img.xz, , none, ''"})
    void anOptionWinsThenTheEndingThenTheUsual(String name, String format, String compress, String layers) {
        assertEquals(layers, names(defaults.layers(name, Optional.ofNullable(format), Optional.ofNullable(compress),
                Defaults.Otherwise.USUAL)));
    }

    @Test void theUsualCodecIsZstdAtLevelThree() {
        assertEquals(List.of(new Layer("zstd", Map.of("level", "3"))),
                defaults.layers("case17", Optional.empty(), Optional.empty(), Defaults.Otherwise.USUAL));
    }

    @Test void aLevelFollowsAColon() {
        assertEquals(List.of(new Layer("gzip", Map.of("level", "9"))),
                defaults.layers("a.img", Optional.empty(), Optional.of("gzip:9"), Defaults.Otherwise.USUAL));
    }

    @Test void withoutTheUsualCodecWhatIsWrittenIsPlain() {
        assertEquals(List.of(), new Defaults(List.of()).layers("case17", Optional.empty(), Optional.empty(), Defaults.Otherwise.USUAL));
    }

    @ParameterizedTest
    @CsvSource({"a.img.xz, , , .xz", "a.vmdk, , , .vmdk", "a.vmdk.zst, , , .vmdk", "a, vmdk, , vmdk", "a, , xz, xz",
            "a, , old, old", "a, , zstd:fast, level", "a, , 'zstd:', level"})
    void refusesWhatNobodyWrites(String name, String format, String compress, String named) {
        var refusal = assertThrows(IllegalArgumentException.class, () -> defaults.layers(name, Optional.ofNullable(format),
                Optional.ofNullable(compress), Defaults.Otherwise.USUAL));

        assertTrue(refusal.getMessage().contains(named), refusal.getMessage());
    }

    @Test void whereNothingSaysWhatToWriteItAsks() {
        var refusal = assertThrows(IllegalArgumentException.class, () ->
                defaults.layers("new", Optional.empty(), Optional.empty(), Defaults.Otherwise.ASK));

        assertTrue(refusal.getMessage().contains("--format takes raw, qcow2, partclone"), refusal.getMessage());
    }

    @Test void digestsAreTheInstalledOnes() {
        assertEquals("sha256", names(defaults.digests(Optional.empty(), Defaults.Otherwise.USUAL)));
        assertEquals("", names(defaults.digests(Optional.empty(), Defaults.Otherwise.ASK)));
        assertEquals("", names(defaults.digests(Optional.of("none"), Defaults.Otherwise.USUAL)));
        assertEquals("sha256 md5", names(defaults.digests(Optional.of("sha256,md5"), Defaults.Otherwise.USUAL)));
        assertThrows(IllegalArgumentException.class, () -> defaults.digests(Optional.of("sha256,"), Defaults.Otherwise.USUAL));
    }

    private static String names(List<Layer> layers) {
        return String.join(" ", layers.stream().map(Layer::name).toList());
    }
}
