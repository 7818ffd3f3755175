package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Arrows only point down. */
class ArchitectureTest {
    private static final Set<String> HOUSE = Set.of("imprint.api", "imprint.engine", "imprint.zstd", "imprint.gzip");

    @Test void everyArrowOfEveryBuiltBundlePointsDown() throws Exception {
        var bundles = new ArrayList<Arrows>();
        for (var jar : Checkout.jars()) {
            if (jar.getFileName().toString().startsWith("imprint.")) {
                bundles.add(Arrows.of(jar));
            }
        }
        Set<String> house = bundles.stream().map(Arrows::bundle).collect(Collectors.toSet());

        assertTrue(house.containsAll(HOUSE), house.toString());
        assertEquals(List.of(), bundles.stream().flatMap(bundle -> bundle.wrong(house).stream()).toList());
    }

    @Test void readsTheClassesToo() throws Exception {
        var zstd = Arrows.of(Checkout.jars().stream()
                .filter(jar -> jar.getFileName().toString().startsWith("imprint.zstd-")).findFirst().orElseThrow());

        assertTrue(zstd.imported().contains("java.lang"), zstd.toString());      // no manifest says that
        assertTrue(zstd.contained().contains("imprint.zstd"), zstd.toString());
    }

    @Test void refusesArrowsThatPointUpOrSideways() {
        assertRefused("imprint.gzip", "imprint.engine");
        assertRefused("imprint.gzip", "imprint.zstd");
        assertRefused("imprint.gzip", "com.github.luben.zstd");
        assertRefused("imprint.gzip", "org.slf4j");
        assertRefused("imprint.api", "imprint.engine");
        assertRefused("imprint.api", "com.fasterxml.jackson.jr.ob");
        assertRefused("imprint.engine", "imprint.gzip");
        assertRefused("imprint.shell", "imprint.engine");
    }

    @Test void refusesACopyOfAnotherBundle() {
        var copier = new Arrows("imprint.gzip", Set.of("imprint.gzip", "imprint.engine"), Set.of());

        assertEquals(List.of("imprint.gzip contains imprint.engine"), copier.wrong(HOUSE));
    }

    @Test void readsAHeaderWithVersionsAndUses() {
        assertEquals(List.of("imprint.api", "a.b", "c"),
                Arrows.packages("imprint.api;version=\"[0.1,0.2)\",a.b;c;resolution:=optional;x=\"1,2;3\""));
    }

    private static void assertRefused(String bundle, String imported) {
        var arrows = new Arrows(bundle, Set.of(bundle), Set.of("java.util", "org.osgi.framework", imported));

        assertEquals(List.of(bundle + " imports " + imported), arrows.wrong(HOUSE));
    }
}
