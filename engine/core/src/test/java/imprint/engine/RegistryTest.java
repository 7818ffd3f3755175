package imprint.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RegistryTest {

    private final Registry<String> registry = new Registry<>();

    @Test
    void findsTheBestRankingFirstAndTheNewestBundleAmongEquals() {
        registry.add("old", Map.of("service.ranking", 0, "service.bundleid", 3L, "service.id", 10L));
        registry.add("new", Map.of("service.ranking", 0, "service.bundleid", 9L, "service.id", 11L));
        registry.add("best", Map.of("service.ranking", 5, "service.bundleid", 1L, "service.id", 12L));

        assertEquals("best new old",
                String.join(" ", registry.all().stream().map(held -> held.service).toList()));
    }

    @Test
    void hidesAServiceAtOnceAndLetsItGoWhenItsLastLeaseEnds() throws InterruptedException {
        registry.add("codec", Map.of());
        var leases = new Registry.Leases();
        leases.take(registry, held -> true);
        var removed = new CountDownLatch(1);
        var remover = Thread.ofPlatform().start(() -> {
            registry.remove("codec");
            removed.countDown();
        });
        while (!registry.all().isEmpty()) {
            Thread.onSpinWait();
        }

        assertNull(new Registry.Leases().take(registry, held -> true));
        assertEquals(1, removed.getCount());

        leases.close();
        remover.join();
        assertEquals(0, removed.getCount());
    }

    @Test
    void letsAServiceGoAtOnceThatNobodyUses() {
        registry.add("codec", Map.of());
        try (var leases = new Registry.Leases()) {
            leases.take(registry, held -> false);
            registry.remove("codec");
        }

        assertTrue(registry.all().isEmpty());
    }
}
