package imprint.wiring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.CancelledException;
import imprint.api.Format;
import imprint.api.Imprint;
import imprint.api.Layer;
import imprint.api.Outcome;
import imprint.api.Plan;
import imprint.api.Source;
import imprint.api.Verdict;
import imprint.api.Volumes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * Bundles come, go and are replaced while a job runs through them. The job always stands at the same point, half of its
 * content read and nothing read back, so that classes which it has not needed so far are still to be loaded.
 */
@Timeout(60)
public class HotSwapTest {
    private static final String TOY = "toy.codec";
    private static final int LAYOUT = 7;                          // its place in an image: 1 by version 1, 2 by version 2

    @TempDir static Path jars;
    @TempDir Path folder;

    private final BundleContext context = FrameworkUtil.getBundle(HotSwapTest.class).getBundleContext();
    private final Imprint imprint = context.getService(context.getServiceReference(Imprint.class));
    private final byte[] content = content();
    private final HeldSource held = new HeldSource(content);
    private ServiceRegistration<Source> source;
    private Map<String, String> others;

    @BeforeAll static void buildBothVersions() throws Exception {
        var root = Path.of("").toAbsolutePath();
        while (Files.notExists(root.resolve("examples/toy-codec/two-versions"))) {
            root = root.getParent();
        }
        var build = new ProcessBuilder(root.resolve("examples/toy-codec/two-versions").toString(), jars.toString()).inheritIO();
        build.environment().put("JAVA_HOME", System.getProperty("java.home"));
        assertEquals(0, build.start().waitFor());
    }

    @BeforeEach void holdASource() {
        source = context.registerService(Source.class, held, null);
        others = others();
    }

    @AfterEach void leaveTheHouseAsItWas() throws BundleException {
        held.letGo();
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getSymbolicName().equals(TOY)) {
                bundle.uninstall();
            }
        }
        source.unregister();
    }

    @Test void theNewVersionBesideTheOldOneTakesTheNextJobWhileTheOldOneEndsItsOwn() throws Exception {
        var one = install(1);
        var job = begin("running.toy", Layer.of("toy"));

        var two = install(2);
        assertEquals(2, layoutOf(run("meanwhile.toy", Layer.of("toy"))));
        var leaving = aside(one::uninstall);
        await(() -> one.getState() == Bundle.STOPPING && !listed("toy.codec 1.0.0"));
        assertEquals(2, layoutOf(run("meanwhile-2.toy", Layer.of("toy"))));
        assertFalse(leaving.isDone(), "version 1 is gone under its own job");

        held.letGo();
        assertWhole(job.get(), "running.toy");
        assertEquals(1, layoutOf(folder.resolve("running.toy")));
        leaving.get();
        assertEquals(Bundle.UNINSTALLED, one.getState());
        assertEquals(2, layoutOf(run("next.toy", Layer.of("toy"))));

        two.uninstall();
        assertRefusedByName("toy");
        assertEquals(others, others(), "other bundles or their components were restarted");
    }

    @Test void anUpdateInPlaceWaitsForTheJobAndIsUsedByTheNext() throws Exception {
        var toy = install(1);
        var job = begin("running.toy", Layer.of("toy"));

        var update = aside(() -> {
            try (var jar = Files.newInputStream(jars.resolve("toy-2.jar"))) {
                toy.update(jar);
            }
        });
        await(() -> !listed(TOY));
        assertRefusedByName("toy");
        assertFalse(update.isDone(), "it was replaced under its job");

        held.letGo();
        assertEquals(Verdict.COMPLETE, job.get().verdict());
        update.get();
        assertWhole(job.get(), "running.toy");
        assertEquals(1, layoutOf(folder.resolve("running.toy")));
        assertEquals("2.0.0", toy.getVersion().toString());
        assertEquals(2, layoutOf(run("next.toy", Layer.of("toy"))));
        assertEquals(others, others(), "other bundles or their components were restarted");
    }

    @Test void aStopHidesItFromTheNextJobAndWaitsForTheRunningOne() throws Exception {
        var toy = install(1);
        var job = begin("running.toy", Layer.of("toy"));

        var stop = aside(toy::stop);
        await(() -> !listed(TOY));
        assertRefusedByName("toy");
        assertFalse(stop.isDone(), "it was stopped under its job");

        held.letGo();
        assertEquals(Verdict.COMPLETE, job.get().verdict());
        stop.get();
        assertEquals(Bundle.RESOLVED, toy.getState());
        assertRefusedByName("toy");
        toy.start();
        assertWhole(job.get(), "running.toy");
        assertEquals(1, layoutOf(run("again.toy", Layer.of("toy"))));
        assertEquals(others, others(), "other bundles or their components were restarted");
    }

    @Test void zstdIsReplacedUnderAJob() throws Exception {
        replaceUnderAJob("imprint.zstd", Layer.of("zstd"));
    }

    @Test void gzipIsReplacedUnderAJob() throws Exception {
        replaceUnderAJob("imprint.gzip", Layer.of("gzip"));
    }

    @Test void digestsAreReplacedUnderAJob() throws Exception {
        replaceUnderAJob("imprint.hash", Layer.of("zstd"));
    }

    @Test void filesAndDevicesAreReplacedUnderAJob() throws Exception {
        replaceUnderAJob("imprint.raw");
    }

    private void replaceUnderAJob(String name, Layer... layers) throws Exception {
        var bundle = bundle(name);
        var before = bundle.getLastModified();
        var job = begin("running", layers);

        var update = aside(bundle::update);
        await(() -> bundle.getState() == Bundle.STOPPING && isRefused(layers));
        assertFalse(update.isDone(), name + " was replaced under its job");

        held.letGo();
        assertEquals(Verdict.COMPLETE, job.get().verdict());
        update.get();
        assertWhole(job.get(), "running");
        assertEquals(Bundle.ACTIVE, bundle.getState());
        assertTrue(bundle.getLastModified() != before, name + " was not replaced");
        assertWhole(imprint.run(plan("next", layers), Imprint.Terms.quiet()), "next");
        others.keySet().removeIf(other -> other.startsWith(name + " "));
        var now = others();
        now.keySet().removeIf(other -> other.startsWith(name + " "));
        assertEquals(others, now, "other bundles or their components were restarted");
    }

    @Test void aCancelledJobLetsItsBundleGo() throws Exception {
        var toy = install(1);
        var cancelled = new AtomicBoolean();
        var job = CompletableFuture.supplyAsync(() -> {
            var usual = Imprint.Terms.quiet();
            return wrapped(() -> imprint.run(plan("running.toy", Layer.of("toy")),
                    new Imprint.Terms(usual.threads(), usual.memory(), usual.listener(), cancelled::get)));
        });
        held.awaitJob();
        var stop = aside(toy::stop);
        await(() -> !listed(TOY));

        cancelled.set(true);

        assertInstanceOf(CancelledException.class, assertThrows(ExecutionException.class, job::get).getCause());
        stop.get();
        assertEquals(Bundle.RESOLVED, toy.getState());
        try (var left = Files.list(folder)) {
            assertEquals(0, left.count(), "a cancelled job leaves nothing");
        }
    }

    @Test void aFormatThatFailsAtLookingDisturbsNobody() throws Exception {
        var broken = context.registerService(Format.class, new BrokenFormat(), FrameworkUtil.asDictionary(Map.of(
                Format.NAME, "broken", Format.LAYER, Format.CODEC, "service.ranking", 100)));
        held.letGo();
        var image = run("packed.zst", Layer.of("zstd"));

        assertEquals(Verdict.COMPLETE, imprint.verify(image.toUri(), Imprint.Terms.quiet()).verdict());

        broken.unregister();                                      // and is let go
        assertFalse(imprint.installed().stream().anyMatch(each -> each.name().equals("broken")));
    }

    @Test void stoppingTheEngineWaitsForItsJobsToo() throws Exception {
        var engine = bundle("imprint.engine");
        var job = begin("running.zst", Layer.of("zstd"));

        var stop = aside(engine::stop);
        await(() -> engine.getState() == Bundle.STOPPING && context.getServiceReference(Imprint.class) == null);

        held.letGo();
        assertEquals(Verdict.COMPLETE, job.get().verdict());
        stop.get();
        engine.start();
        assertNotSame(imprint, context.getService(context.getServiceReference(Imprint.class)));
    }

    // ---- steps

    private Bundle install(int version) throws Exception {
        Bundle bundle;
        try (var jar = Files.newInputStream(jars.resolve("toy-" + version + ".jar"))) {
            bundle = context.installBundle("toy-" + version + "-" + System.nanoTime(), jar);
        }
        bundle.start();
        assertTrue(listed(TOY + " " + version + ".0.0"), "started, and not installed: " + imprint.installed());
        return bundle;
    }

    /** A job that stands in the middle of its content. */
    private CompletableFuture<Outcome> begin(String name, Layer... layers) throws Exception {
        var job = CompletableFuture.supplyAsync(() -> wrapped(() -> imprint.run(plan(name, layers), Imprint.Terms.quiet())));
        held.awaitJob();
        assertFalse(job.isDone());
        return job;
    }

    /** A whole job over content that nobody holds. */
    private Path run(String name, Layer... layers) throws IOException {
        assertWhole(copy(name, layers), name);
        return folder.resolve(name);
    }

    private Outcome copy(String name, Layer... layers) throws IOException {
        var free = new HeldSource(content);
        free.letGo();
        var registration = context.registerService(Source.class, free,
                FrameworkUtil.asDictionary(Map.of("service.ranking", 10)));
        try {
            return imprint.run(plan(name, layers), Imprint.Terms.quiet());
        } finally {
            registration.unregister();
        }
    }

    private Plan plan(String name, Layer... layers) {
        var plan = Plan.open(HeldSource.PLACE).digested(Layer.of("sha256"));
        for (var layer : layers) {
            plan = plan.encoded(layer);
        }
        return plan.to(folder.resolve(name).toUri());
    }

    private void assertWhole(Outcome outcome, String name) throws IOException {
        assertEquals(Verdict.COMPLETE, outcome.verdict(), outcome.reasons().toString());
        var image = folder.resolve(name).toUri();
        try (var session = imprint.begin(Imprint.Terms.quiet(), Optional.of(image));
                var volume = session.decode(session.open(image)).volume()) {
            assertArrayEquals(content, Volumes.read(volume, 0, content.length).array(), name);
        }
        assertTrue(Files.exists(folder.resolve(name + ".sha256")) && Files.exists(folder.resolve(name + ".imprint.json")));
    }

    private void assertRefusedByName(String format) {
        var refusal = assertThrows(IllegalArgumentException.class, () -> run("refused", Layer.of(format)));

        assertTrue(refusal.getMessage().startsWith("no format is named \"" + format + "\""), refusal.getMessage());
        assertTrue(Files.notExists(folder.resolve("refused")) && Files.notExists(folder.resolve("refused.partial")));
    }

    private boolean isRefused(Layer... layers) {
        try {
            copy("meanwhile-" + System.nanoTime(), layers);       // not decoded: the codec may be gone by then
            return false;
        } catch (IllegalArgumentException e) {
            return true;                                          // nothing that is installed does it
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private int layoutOf(Path image) throws IOException {
        try (var bytes = Files.newInputStream(image)) {
            return bytes.readNBytes(LAYOUT + 1)[LAYOUT];
        }
    }

    private boolean listed(String bundle) {
        return imprint.installed().stream().anyMatch(each -> each.bundle().startsWith(bundle));
    }

    private Bundle bundle(String name) {
        return Arrays.stream(context.getBundles()).filter(each -> each.getSymbolicName().equals(name)).findFirst().orElseThrow();
    }

    /** Every other bundle of the container: its state, when it was last changed, and its components' instances. */
    private Map<String, String> others() {
        var runtime = context.getService(context.getServiceReference(ServiceComponentRuntime.class));
        var all = new TreeMap<String, String>();
        for (var bundle : context.getBundles()) {
            if (!bundle.getSymbolicName().equals(TOY) && bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID) { // which is each change's
                var components = new TreeMap<String, String>();
                for (var description : runtime.getComponentDescriptionDTOs(bundle)) {
                    for (var one : runtime.getComponentConfigurationDTOs(description)) {
                        components.put(description.name + " " + one.id, String.valueOf(one.service == null ? -1 : one.service.id));
                    }
                }
                all.put(bundle.getSymbolicName() + " " + bundle.getBundleId(),
                        bundle.getState() + " since " + bundle.getLastModified() + " with " + components);
            }
        }
        assertSame(imprint, context.getService(context.getServiceReference(Imprint.class)), "the engine is another one");
        return all;
    }

    private interface Work {
        void run() throws Exception;
    }

    private interface Asked<T> {
        T get() throws Exception;
    }

    /** What waits for jobs runs on a thread of its own. */
    private static CompletableFuture<Void> aside(Work work) {
        return CompletableFuture.runAsync(() -> wrapped(() -> {
            work.run();
            return null;
        }), each -> Thread.ofPlatform().start(each));
    }

    private static <T> T wrapped(Asked<T> work) {
        try {
            return work.get();
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            assertFalse(Thread.interrupted(), "this did not happen");
            Thread.yield();
        }
    }

    private static byte[] content() {
        var content = new byte[6 << 20];
        new Random(1).nextBytes(content);
        Arrays.fill(content, 1 << 20, 2 << 20, (byte) 7);
        Arrays.fill(content, 4 << 20, 5 << 20, (byte) 0);
        return content;
    }
}
