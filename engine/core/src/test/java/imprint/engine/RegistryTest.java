package imprint.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
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

    @Test
    void aJobFindsWhatItHasAgainAfterItIsHiddenFromOthers() throws InterruptedException {
        registry.add("old", Map.of());
        var leases = new Registry.Leases();
        leases.take(registry, held -> true);
        var remover = removing("old");
        registry.add("new", Map.of("service.ranking", 7));

        assertEquals("old", leases.take(registry, held -> true).service);
        assertEquals("new", new Registry.Leases().take(registry, held -> true).service);
        assertEquals(2, leases.takeAll(registry).size());

        leases.close();
        remover.join();
    }

    @Test
    void aServiceThatFailsWhenAskedIsNotHeldForEver() {
        registry.add("broken", Map.of());

        assertThrows(IllegalStateException.class, () -> new Registry.Leases().take(registry, held -> {
            throw new IllegalStateException("recognises nothing, and badly");
        }));

        registry.remove("broken");
        assertTrue(registry.all().isEmpty());
    }

    @Test
    void aJobThatHasEndedTakesNothing() {
        registry.add("codec", Map.of());
        var leases = new Registry.Leases();
        leases.close();

        assertThrows(IllegalStateException.class, () -> leases.take(registry, held -> true));
        assertThrows(IllegalStateException.class, () -> leases.takeAll(registry));
        registry.remove("codec");
    }

    /** Returns when the service is hidden; the thread ends when it is gone. */
    private Thread removing(String service) {
        var remover = Thread.ofPlatform().start(() -> registry.remove(service));
        while (registry.all().stream().anyMatch(held -> held.service.equals(service))) {
            Thread.onSpinWait();
        }
        return remover;
    }
}
