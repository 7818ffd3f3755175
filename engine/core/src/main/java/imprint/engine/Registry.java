package imprint.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Phaser;
import java.util.function.Predicate;

/**
 * The services of one kind that are installed now, best ranking first, each with the jobs that hold a lease on it.
 *
 * <p>A service that goes is no longer found at once, but {@link #remove} returns only when its last lease is given back.
 * Unregistering waits for it before the class loader closes, so a running job keeps whole classes without a plugin's help.
 */
final class Registry<S> {

    /** One service and who uses it. */
    static final class Held<S> {
        final S service;
        final Map<String, Object> properties;
        private final Phaser users = new Phaser(1);

        private Held(S service, Map<String, Object> properties) {
            this.service = service;
            this.properties = Map.copyOf(properties);
        }

        String text(String property) {
            return String.valueOf(properties.getOrDefault(property, ""));
        }

        /** A String+ property as a list. */
        List<String> texts(String property) {
            return switch (properties.get(property)) {
                case null -> List.of();
                case String one -> List.of(one);
                case String[] many -> List.of(many);
                case Iterable<?> many -> {
                    var list = new ArrayList<String>();
                    many.forEach(each -> list.add(String.valueOf(each)));
                    yield list;
                }
                default -> List.of();
            };
        }

        private long rank(String property) {
            return properties.get(property) instanceof Number n ? n.longValue() : 0;
        }
    }

    private static final Comparator<Held<?>> BEST_FIRST = Comparator
            .comparingLong((Held<?> held) -> held.rank("service.ranking")).reversed()
            .thenComparing(Comparator.comparingLong((Held<?> held) -> held.rank("service.bundleid")).reversed())
            .thenComparingLong(held -> held.rank("service.id"));

    private final List<Held<S>> all = new CopyOnWriteArrayList<>();

    void add(S service, Map<String, Object> properties) {
        synchronized (all) {
            all.add(new Held<>(service, properties));
            all.sort(BEST_FIRST);
        }
    }

    /** Hides the service at once and returns when nobody uses it any more. */
    void remove(S service) {
        for (var held : all) {
            if (held.service == service) {
                all.remove(held);
                int phase = held.users.arriveAndDeregister();
                if (!held.users.isTerminated()) {
                    held.users.awaitAdvance(phase);
                }
            }
        }
    }

    List<Held<S>> all() {
        return List.copyOf(all);
    }

    /** The leases of one job: each service is taken once, and given back when the job ends. */
    static final class Leases implements AutoCloseable {
        private final Map<Registry<?>, Set<Held<?>>> taken = new LinkedHashMap<>();
        private boolean closed;

        /**
         * The service that fits, held until the job closes; null where there is none. What the job has already comes first,
         * though it may be hidden from others by now, so that a job keeps to what it began with; then the best.
         */
        synchronized <S> Held<S> take(Registry<S> registry, Predicate<Held<S>> fits) {
            var mine = mine(registry);
            for (var held : mine) {
                if (fits.test(held)) {
                    return held;
                }
            }
            for (var held : registry.all) {
                if (mine.contains(held) || held.users.register() < 0) {
                    continue;
                }
                boolean kept = false;
                try {
                    kept = fits.test(held);
                } finally {                                       // also when a plugin's answer is an exception
                    if (kept) {
                        mine.add(held);
                    } else {
                        held.users.arriveAndDeregister();
                    }
                }
                if (kept) {
                    return held;
                }
            }
            return null;
        }

        /** Every service that is installed now, and those that the job has already. */
        synchronized <S> List<Held<S>> takeAll(Registry<S> registry) {
            var mine = mine(registry);
            for (var held : registry.all) {
                if (!mine.contains(held) && held.users.register() >= 0) {
                    mine.add(held);
                }
            }
            return List.copyOf(mine);
        }

        @SuppressWarnings("unchecked")                            // a registry's set holds what came out of that registry
        private <S> Set<Held<S>> mine(Registry<S> registry) {
            if (closed) {
                throw new IllegalStateException("the job has ended");
            }
            return (Set<Held<S>>) (Set<?>) taken.computeIfAbsent(registry, each -> new LinkedHashSet<>());
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                taken.values().forEach(mine -> mine.forEach(held -> held.users.arriveAndDeregister()));
            }
        }
    }
}
