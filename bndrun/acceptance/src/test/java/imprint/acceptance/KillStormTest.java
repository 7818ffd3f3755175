package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.acceptance.FaultsScene.Kind;
import imprint.acceptance.FaultsScene.Moment;
import imprint.acceptance.FaultsScene.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL in the place of a system call, at every stage of a backup and of a restore. The short form kills each phase
 * once; the long one 200 times, at every call of the commit and at many of those that move content.
 */
class KillStormTest {

    private static final int MIBS = 256;
    private static final int KILLED = 137;
    private static final Path HISTOGRAM = Path.of("target", "kill-storm.md");

    /** What the short form kills; the long form kills all. */
    private static final Map<Kind, Set<Phase>> SHORT = Map.of(
            Kind.PLAIN, EnumSet.of(Phase.WRITING, Phase.VERIFYING, Phase.DIGESTING),
            Kind.PACKED, EnumSet.of(Phase.WRITING, Phase.FLUSHING, Phase.SEALING),
            Kind.OVERWRITE, EnumSet.of(Phase.BEGINNING, Phase.REMOVING_THE_OLD, Phase.RENAMING_THE_IMAGE,
                    Phase.RENAMING_SIDECARS, Phase.RENAMING_THE_MANIFEST),
            Kind.RESTORE, EnumSet.of(Phase.RENAMING_THE_IMAGE),
            Kind.DEVICE, EnumSet.of(Phase.WRITING));

    /** Kills of the long form. */
    private static final Map<Kind, Integer> MANY = Map.of(Kind.PLAIN, 50, Kind.PACKED, 50, Kind.OVERWRITE, 50, Kind.RESTORE, 25,
            Kind.DEVICE, 25);

    @TempDir Path folder;

    private final Random random = new Random(Faults.SEED);
    private final Map<Phase, Map<Kind, Integer>> hits = new EnumMap<>(Phase.class);

    @Test void aKillAtAnyMomentLeavesTheOldStateOrAPartialFile() throws Exception {
        System.out.println("storm of kills, seed " + Faults.SEED);
        Tools.run(Faults.imprint(), "formats");               // builds, and trains the start, outside of strace
        var content = Faults.image(folder.resolve("content"), Faults.SEED, MIBS, 3, 8);

        for (var kind : Kind.values()) {
            try (var scene = new FaultsScene(kind, Files.createDirectory(folder.resolve(kind.name())), content)) {
                var moments = scene.moments();
                for (var moment : Faults.LONG ? many(moments, MANY.get(kind)) : few(moments, SHORT.get(kind))) {
                    kill(scene, moment);
                    hits.computeIfAbsent(moment.phase(), each -> new EnumMap<>(Kind.class)).merge(kind, 1, Integer::sum);
                }
            }
        }

        var histogram = histogram();
        System.out.println(histogram);
        Files.writeString(HISTOGRAM, histogram);
        var missed = EnumSet.complementOf(EnumSet.of(Phase.ENDING));
        missed.removeAll(hits.keySet());
        assertTrue(missed.isEmpty(), "no kill hit " + missed);
    }

    private static void kill(FaultsScene scene, Moment moment) throws Exception {
        scene.begin();
        var call = scene.now(moment.call());
        var when = scene.kind.words + ", killed " + moment.phase().words() + " at " + call.name() + " " + call.nth() + " of "
                + call.path().getFileName();

        var run = Strace.kill(call, scene.command());

        assertEquals(KILLED, run.outcome().status(), when + ": " + run.outcome().err());
        assertTrue(run.calls().stream().anyMatch(seen -> seen.name().equals(call.name()) && seen.nth() == call.nth()), when);
        scene.mustBeSound(when);
        scene.mustSucceedNow(when);
        scene.end();
    }

    /** One of each phase. */
    private List<Moment> few(List<Moment> moments, Set<Phase> phases) {
        var few = new ArrayList<Moment>();
        for (var phase : phases) {
            var choice = killable(moments).stream().filter(moment -> moment.phase() == phase).toList();
            assertTrue(!choice.isEmpty(), "no call was seen while " + phase.words());
            few.add(choice.get(random.nextInt(choice.size())));
        }
        return few;
    }

    /** Every call that is made once in a while, and of the many that move content as many as are left, evenly. */
    private static List<Moment> many(List<Moment> moments, int count) {
        var rare = new ArrayList<Moment>();
        var bulk = new ArrayList<Moment>();
        for (var moment : killable(moments)) {
            boolean moves = Set.of(Phase.WRITING, Phase.VERIFYING, Phase.DIGESTING).contains(moment.phase());
            (moves || moment.call().is("pread64") ? bulk : rare).add(moment);
        }
        int left = Math.max(0, count - rare.size());
        for (int i = 0; i < left && !bulk.isEmpty(); i++) {
            rare.add(bulk.get((int) ((i + 0.5) * bulk.size() / left)));
        }
        return rare;
    }

    /** Reading the source is not the target's business; opening the target is where its state begins. */
    private static List<Moment> killable(List<Moment> moments) {
        return moments.stream().filter(moment -> FaultsScene.isWork(moment.call())
                || moment.call().is("ioctl") && moment.call().line().contains("BLK")
                || moment.call().line().contains("O_CREAT")).toList();
    }

    private String histogram() {
        var text = new StringBuilder("| killed while | ");
        for (var kind : Kind.values()) {
            text.append(kind.words).append(" | ");
        }
        text.append("all |\n|---|").append("---:|".repeat(Kind.values().length + 1)).append('\n');
        int all = 0;
        for (var phase : Phase.values()) {
            var row = hits.getOrDefault(phase, Map.of());
            if (row.isEmpty() && phase == Phase.ENDING) {
                continue;
            }
            int sum = row.values().stream().mapToInt(Integer::intValue).sum();
            all += sum;
            text.append("| ").append(phase.words()).append(" | ");
            for (var kind : Kind.values()) {
                text.append(row.getOrDefault(kind, 0)).append(" | ");
            }
            text.append(sum).append(" |\n");
        }
        return text.append("| **").append(all).append(" kills** |").append(" |".repeat(Kind.values().length + 1)).append('\n').toString();
    }
}
