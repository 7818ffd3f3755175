package imprint.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocationsTest {
    @ParameterizedTest
    @ValueSource(strings = {"a b#c?d%20", "@list", "--", "a:b", "tcp:", "-x"})
    void anyNameIsAPathAndComesBackWhole(String name) {
        var uri = Locations.of(name);

        assertEquals("file", uri.getScheme());
        assertEquals(Path.of(name).toAbsolutePath(), Path.of(uri));
        assertTrue(Locations.words(uri).endsWith("/" + name), Locations.words(uri));
    }

    @Test void aDashIsAPipe() {
        assertEquals("stdio:-", Locations.of("-").toString());
        assertEquals("null:-", Locations.of("null:").toString());
    }

    @Test void twoSlashesMakeAnAddress() {
        assertEquals("tcp://depot:9000", Locations.of("tcp://depot:9000").toString());
        assertEquals("nbd+unix:///x?socket=/run/s", Locations.of("nbd+unix:///x?socket=/run/s").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\0b", "tcp://a b", "caf\uFFFD"})
    void whatCanBeNoPlaceIsRefusedInWords(String text) {
        assertThrows(IllegalArgumentException.class, () -> Locations.of(text));
    }

    @Test void noPasswordIsShown() {
        assertEquals("nbd://…@host/x", Locations.words(Locations.of("nbd://me:secret@host/x")));
    }
}
