package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.acceptance.FaultsScene.Kind;
import imprint.acceptance.FaultsScene.Moment;
import imprint.acceptance.FaultsScene.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** EIO from one system call, whichever it is, and from no other. */
class ScriptedErrorsTest {

    private static final int MIBS = 32;

    /** What the short form lets fail, each once. The long form takes 20 of each kind, every phase among them. */
    private static final Map<Kind, List<String>> SHORT = Map.of(
            Kind.PLAIN, List.of("openat", "pread64", "ftruncate"),
            Kind.PACKED, List.of("pwrite64", "fsync"),
            Kind.OVERWRITE, List.of("unlink", "rename", "fsync", "rename"),
            Kind.RESTORE, List.of("pread64", "rename"),
            Kind.DEVICE, List.of("pwrite64", "fsync"));
    private static final int MANY = 20;

    @TempDir Path folder;
    private final Random random = new Random(Faults.SEED);

    @Test void anInputOrOutputErrorInAnyCallNeverPassesForSuccess() throws Exception {
        System.out.println("scripted errors, seed " + Faults.SEED);
        Tools.run(Faults.imprint(), "formats");
        var content = Faults.image(folder.resolve("content"), Faults.SEED, MIBS, 3, 8);

        for (var kind : Kind.values()) {
            try (var scene = new FaultsScene(kind, Files.createDirectory(folder.resolve(kind.name())), content)) {
                var moments = scene.moments();
                for (var moment : Faults.LONG ? many(moments) : few(moments, SHORT.get(kind))) {
                    fail(scene, moment);
                }
            }
        }
    }

    private static void fail(FaultsScene scene, Moment moment) throws Exception {
        scene.begin();
        var call = scene.now(moment.call());
        var when = scene.kind.words + ", EIO while " + moment.phase().words() + " from " + call.name() + " " + call.nth() + " of "
                + call.path().getFileName();

        var run = Strace.fail(call, "EIO", scene.command());

        var told = run.outcome().err();
        assertTrue(run.calls().stream().anyMatch(seen -> seen.line().contains("(INJECTED)")), when + ": not made; " + told);
        boolean looks = call.is("pread64") && scene.isReplaced(call.path())
                && (scene.kind != Kind.DEVICE || moment.phase() == Phase.BEGINNING);
        if (FaultsScene.isWork(call) && !looks) {
            assertNotEquals(0, run.outcome().status(), when);
        }
        if (run.outcome().status() == 0) {
            scene.mustBeComplete(when);                            // it went on without a look at what it replaces
        } else {
            scene.mustBeSound(when);
            assertFalse(told.contains("mistake in Imprint"), when + ": " + told);
            assertTrue(told.contains(scene.targetName()) || told.contains(call.path().getFileName().toString()),
                    when + ", the place is not named: " + told);
            assertFalse(scene.kind != Kind.DEVICE && scene.hasTarget() && told.contains("no file bears"), when + ": " + told);
        }
        scene.mustSucceedNow(when);
        scene.end();
    }

    private List<Moment> few(List<Moment> moments, List<String> names) {
        var few = new ArrayList<Moment>();
        var left = new ArrayList<>(failing(moments));
        Collections.shuffle(left, random);
        for (var name : names) {
            var next = left.stream().filter(moment -> moment.call().is(name)).findFirst()
                    .orElseThrow(() -> new AssertionError("no " + name + " was seen"));
            left.remove(next);
            few.add(next);
        }
        return few;
    }

    /** One of each phase and call, then any. */
    private List<Moment> many(List<Moment> moments) {
        var shuffled = new ArrayList<>(failing(moments));
        Collections.shuffle(shuffled, random);
        var many = new ArrayList<Moment>();
        for (var phase : Phase.values()) {
            shuffled.stream().filter(moment -> moment.phase() == phase).map(moment -> moment.call().name()).distinct()
                    .forEach(name -> many.add(shuffled.stream()
                            .filter(moment -> moment.phase() == phase && moment.call().is(name)).findFirst().orElseThrow()));
        }
        shuffled.removeAll(many);
        many.addAll(shuffled.subList(0, Math.max(0, Math.min(shuffled.size(), MANY - many.size()))));
        return many;
    }

    private static List<Moment> failing(List<Moment> moments) {
        return moments.stream().filter(moment -> FaultsScene.isWork(moment.call()) || moment.call().is("openat")
                || moment.call().line().contains("BLKZEROOUT")).toList();
    }
}
