package imprint.engine;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.NoSpaceException;
import imprint.api.Place;
import imprint.api.Place.Kind;
import imprint.api.Plan;
import imprint.api.RefusedException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SafetyTest {

    private static final Place SOURCE = file("/a/source.img", Set.of("file:1:10"), Set.of("block:8:1", "block:8:0"));
    private static final Place FREE_DISK = device("/dev/sdb", "SER1", List.of(), Set.of("block:8:16"), Set.of());

    @Test
    void letsASoundPlanPass() {
        assertDoesNotThrow(() -> Safety.check(plan(confirmed()), SOURCE, FREE_DISK));
    }

    @Test
    void eachRefusalIsASentenceOfItsOwn() {
        var sentences = List.of(
                refusal(plan(confirmed()), SOURCE, file("/b/link.img", Set.of("file:1:10"), Set.of())),
                refusal(plan(confirmed()), SOURCE, device("/dev/sda", "", List.of(), Set.of("block:8:0"), Set.of())),
                refusal(plan(confirmed()), FREE_DISK, device("/dev/sdb1", "", List.of(), Set.of("block:8:17"), Set.of("block:8:16"))),
                refusal(plan(confirmed()), SOURCE, device("/dev/sdc", "", List.of("mounted at /mnt"), Set.of("block:8:32"), Set.of())),
                refusal(plan(confirmed()), SOURCE, file("/b/there.img", Set.of("file:1:11"), Set.of())),
                refusal(plan(Plan.Rules.CAREFUL), SOURCE, FREE_DISK),
                refusal(plan(expecting("OTHER")), SOURCE, FREE_DISK),
                refusal(plan(expecting("OTHER")), SOURCE, device("/dev/sdd", "", List.of(), Set.of("block:8:48"), Set.of())));

        assertEquals(sentences.size(), Set.copyOf(sentences).size());
        sentences.forEach(sentence -> assertTrue(sentence.endsWith("nothing was written"), sentence));
    }

    @Test
    void onlyTheNamedWaiverLetsAnImageOntoTheDiskThatIsRead() {
        var disk = device("/dev/sda", "", List.of(), Set.of("block:8:0"), Set.of());
        var target = new Place(URI.create("file:///new.img"), "/new.img", Kind.ABSENT, -1, 1, 1 << 20, Long.MAX_VALUE,
                Map.of(), List.of(), Set.of(), Set.of("block:8:1", "block:8:0"));

        var refused = assertThrows(RefusedException.class, () -> Safety.check(plan(confirmed()), disk, target));

        assertEquals(Plan.Rules.SAME_DISK, refused.waiver());
        var rules = new Plan.Rules(true, true, false, true, Optional.empty(), Set.of(Plan.Rules.SAME_DISK), "");
        assertDoesNotThrow(() -> Safety.check(plan(rules), disk, target));
    }

    @Test
    void refusesADeviceThatIsOneByteTooSmall() {
        assertDoesNotThrow(() -> Safety.room(FREE_DISK, 1000, 1000, true));
        var refused = assertThrows(RefusedException.class, () -> Safety.room(FREE_DISK, 1001, 1001, true));

        assertTrue(refused.getMessage().contains("at least 1001 bytes"), refused.getMessage());
    }

    @Test
    void namesTheLimitOfTheFileSystemBeforehand() {
        var fat = new Place(URI.create("file:///f/x.img"), "/f/x.img", Kind.ABSENT, -1, 1, 10L << 30, (4L << 30) - 1,
                Map.of(), List.of(), Set.of(), Set.of());

        var full = assertThrows(NoSpaceException.class, () -> Safety.room(fat, 4L << 30, 0, true));

        assertTrue(full.getMessage().contains("4294967295"), full.getMessage());
        assertThrows(NoSpaceException.class, () -> Safety.room(fat, 11L << 30, 11L << 30, false));
    }

    private static String refusal(Plan plan, Place from, Place to) {
        return assertThrows(RefusedException.class, () -> Safety.check(plan, from, to)).getMessage();
    }

    private static Plan plan(Plan.Rules rules) {
        return Plan.open(SOURCE.uri()).with(rules);
    }

    private static Plan.Rules confirmed() {
        return new Plan.Rules(true, true, false, true, Optional.empty(), Set.of(), "");
    }

    private static Plan.Rules expecting(String serial) {
        return new Plan.Rules(true, true, true, true, Optional.of(serial), Set.of(), "");
    }

    private static Place file(String name, Set<String> self, Set<String> within) {
        return new Place(URI.create("file://" + name), name, Kind.FILE, 1000, 1, 1 << 20, Long.MAX_VALUE, Map.of(), List.of(),
                self, within);
    }

    private static Place device(String name, String serial, List<String> uses, Set<String> self, Set<String> within) {
        return new Place(URI.create("file://" + name), name, Kind.DEVICE, 1000, 512, 1000, Long.MAX_VALUE,
                serial.isEmpty() ? Map.of() : Map.of("serial", serial), uses, self, within);
    }
}
