package imprint.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import imprint.api.Extent;
import imprint.api.Extent.Kind;
import imprint.api.VolumeException;
import imprint.testing.MemoryVolume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MapFileTest {

    private static final List<Extent> BAD = List.of(new Extent(0, 512, Kind.BAD), new Extent(0x1000, 1024, Kind.BAD));

    @Test
    void readsWhatItWrote() throws IOException {
        assertEquals(BAD, read(MapFile.write(BAD, 1 << 20)));
    }

    @Test
    void isReadByDdrescuelog(@TempDir Path folder) throws Exception {
        var map = Files.writeString(folder.resolve("x.map"), MapFile.write(BAD, 1 << 20));

        var process = new ProcessBuilder("ddrescuelog", "-l-", "-b512", map.toString()).start();

        assertEquals("0\n8\n9\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        assertEquals(0, process.waitFor());
    }

    @Test
    void readsEveryNumberAndCommentThatDdrescueTakes() throws IOException {
        var bad = read("# Mapfile. hand made\n0x00020000     /               2\n\n0 65536 +\r\n0x10000\t0x10000  * # c\n"
                + "0x00020000  0x10000  /\n0x00030000  512  -\n0x00030200  0x0000FE00  ?\n");

        assertEquals(4, bad.size());
        assertEquals(new Extent(0x30000, 512, Kind.BAD), bad.get(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0 -", "0 5", "x 5 -", "0 5 !", "-1 5 -", "0x7FFFFFFFFFFFFFFF 5 -", "0 99999999999999999999 -"})
    void refusesLinesOfNoMapFile(String line) {
        assertThrows(VolumeException.Corrupt.class, () -> read("0 +\n" + line + "\n"));
    }

    @Test
    void badRunsFailWhenReadAndOnlyThey() throws IOException {
        var content = MemoryVolume.random("x.img", 5, 8192);
        var volume = new BadRuns(content, BAD);

        assertEquals(Kind.BAD, volume.extent(100).kind());
        assertEquals(new Extent(512, 0x1000 - 512, Kind.DATA), volume.extent(512));
        assertEquals(Kind.DATA, volume.extent(0x1400).kind());
        assertThrows(VolumeException.Unreadable.class, () -> volume.read(0x1200, ByteBuffer.allocate(1)));
        var between = ByteBuffer.allocate(8192);
        assertEquals(0x1000 - 512, volume.read(512, between));
        assertEquals(content.bytes()[512], between.get(0));
    }

    private static List<Extent> read(String map) throws IOException {
        return MapFile.read(MemoryVolume.of("x.map", map.getBytes(StandardCharsets.US_ASCII)));
    }
}
