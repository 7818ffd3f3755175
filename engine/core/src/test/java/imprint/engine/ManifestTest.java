package imprint.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.VolumeException;
import imprint.testing.MemoryVolume;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ManifestTest {

    private static final long SIZE = ChunkDigests.CHUNK + 1L;

    private final Manifest manifest = new Manifest("2026-01-02T03:04:05Z", Map.of("name", "/dev/sdx", "serial", "A \"b\" \\"),
            new Manifest.Content(5L << 40, Map.of("sha256", "ab")), List.of("raw", "zstd"),
            new Manifest.StoredFile("x.img.zst", SIZE, Map.of("sha256", "cd"), new byte[2 * ChunkDigests.LENGTH]),
            "x.img.zst.map", List.of("512 bytes could not be read"), "note", Map.of("java", "25"), "lossy");

    @Test
    void readsWhatItWrote() throws IOException {
        var read = read(manifest.toJson());

        assertEquals(manifest.source(), read.source());
        assertEquals(manifest.content(), read.content());
        assertEquals(manifest.layers(), read.layers());
        assertEquals(manifest.losses(), read.losses());
        assertEquals(manifest.map(), read.map());
        assertEquals(manifest.verdict(), read.verdict());
        assertEquals(manifest.versions(), read.versions());
        assertEquals(SIZE, read.file().size());
        assertArrayEquals(manifest.file().chunks(), read.file().chunks());
    }

    @Test
    void passesOverFieldsOfLaterVersions() throws IOException {
        var json = text().replaceFirst("\\{", "{\"later\": {\"a\": [1, {\"b\": null}]}, ");

        assertEquals(manifest.content(), read(json.getBytes(StandardCharsets.UTF_8)).content());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"format\": 1}", "null", "{\"format\": \"1\"}", "\u0000\u0001"})
    void refusesWhatIsNoManifestInASentence(String json) {
        var failure = assertThrows(VolumeException.class, () -> read(json.getBytes(StandardCharsets.UTF_8)));

        assertTrue(failure.getMessage().startsWith("x.imprint.json"), failure.getMessage());
    }

    @Test
    void refusesSizesThatCannotBe() throws IOException {
        var json = text().replace("\"size\" : " + SIZE, "\"size\" : -5");

        assertThrows(VolumeException.Corrupt.class, () -> read(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void refusesMoreChunksThanTheFileHas() throws IOException {
        var json = text().replace("\"size\" : " + SIZE, "\"size\" : 10");

        assertThrows(VolumeException.Corrupt.class, () -> read(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void answersEveryDamageWithAVolumeExceptionOrASoundManifest() throws IOException {
        var sound = manifest.toJson();
        var random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            var damaged = sound.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                read(damaged);
            } catch (VolumeException expected) {
                assertTrue(expected.getMessage().startsWith("x.imprint.json"), expected.getMessage());
            }
        }
    }

    private String text() throws IOException {
        return new String(manifest.toJson(), StandardCharsets.UTF_8);
    }

    private static Manifest read(byte[] json) throws IOException {
        return Manifest.read(MemoryVolume.of("x.imprint.json", json));
    }
}
