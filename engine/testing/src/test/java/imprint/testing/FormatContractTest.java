package imprint.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import imprint.api.Format;
import imprint.testing.XorFormat.Flaw;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract is only worth what it finds: each flaw turns the claims red that name it, and no trait is lacking in vain. */
class FormatContractTest {

    /** What each flaw has to turn red; it may turn more. */
    private static final Map<Flaw, Set<String>> RED = Map.ofEntries(
            Map.entry(Flaw.KEEPS_THE_BUFFER, Set.of("keepsContentOfEverySize", "keepsManyMebibytes")),
            Map.entry(Flaw.CHECKS_NOTHING, Set.of("findsEveryFlippedBit")),
            Map.entry(Flaw.IS_NOT_SHY, Set.of("isShy")),
            Map.entry(Flaw.COMMITS_IN_FINISH, Set.of("appearsAtCommitAndNotBefore", "leavesNothingWhenClosedWithoutCommit")),
            Map.entry(Flaw.LEAVES_THE_IMAGE_OPEN, Set.of("closesTheImageWithTheContent")),
            Map.entry(Flaw.IGNORES_OPTIONS, Set.of("refusesOptionsItDoesNotKnow")),
            Map.entry(Flaw.TRUSTS_ONE_READ, Set.of("readsAnImageThatGivesOneByteAtATime", "readsAStream")),
            Map.entry(Flaw.TRUSTS_THE_LENGTH, Set.of("withstandsHostileFields")),
            Map.entry(Flaw.IS_NOT_THREAD_SAFE, Set.of("readsForSeveralThreadsAtOnce")),
            Map.entry(Flaw.SWALLOWS_FAILURES, Set.of("saysThatThereIsNoSpace", "passesOnEveryFailureOfTheTarget")),
            Map.entry(Flaw.LIES_ABOUT_RUNS, Set.of("keepsAnyRuns")),
            Map.entry(Flaw.STOPS_WITHOUT_AN_END, Set.of("findsEveryCut")),
            Map.entry(Flaw.LEAVES_WORK_BEHIND, Set.of("namesTheImageForPeople")),
            Map.entry(Flaw.CLOSES_THE_IMAGE_ON_FAILURE, Set.of("findsEveryCut")),
            Map.entry(Flaw.THROWS_WHAT_IT_LIKES, Set.of("findsEveryFlippedBit")),
            Map.entry(Flaw.FORGETS_GAPS, Set.of("keepsAnyRuns")),
            Map.entry(Flaw.CALLS_BAD_SECTORS_DAMAGE, Set.of("saysThatTheMediumFailedWhereItFailed")),
            Map.entry(Flaw.READS_PAST_THE_LIMIT, Set.of("readsInAnyOrderIntoAnyBuffer")),
            Map.entry(Flaw.CANNOT_READ_BACK, Set.of("canBeReadBackBeforeTheCommit")),
            Map.entry(Flaw.CRASHES_WHEN_CLOSED, Set.of("readsOrFailsPolitelyAfterItWasClosed")));

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsTheFlaw(Flaw flaw) {
        var expected = RED.get(flaw);

        var red = Suites.red(Flawed.class, Map.of("flaw", flaw.name()), expected);

        assertEquals(new TreeSet<>(expected), red);
    }

    @ParameterizedTest
    @EnumSource(names = {"WRITES_STREAMS", "OPEN_ENDED", "READS_STREAMS", "CHECKED", "KNOWS_ITS_END", "RECOGNISES", "HOLDS_NOTHING"})
    void findsThatALackingTraitIsThere(FormatContract.Trait trait) {
        var claims = Set.of("writesAStream", "beginsWithoutKnowingTheSize", "readsAStream", "findsEveryFlippedBit", "findsEveryCut",
                "knowsItsOwnImages", "keepsNothingAtAll");

        var red = Suites.red(Flawed.class, Map.of("flaw", "NONE", "lacks", trait.name()), claims);

        assertEquals(1, red.size(), trait + " turned " + red + " red");
    }

    @ParameterizedTest
    @EnumSource(names = {"KEEPS_RUNS", "KEEPS_BAD", "JUDGED"})
    void findsThatAClaimedTraitIsLacking(FormatContract.Trait trait) {
        var claims = Set.of("saysWhichRunsAreNotData", "keepsBadRunsBad", "agreesWithTheStockTool");

        var red = Suites.red(Flawed.class, Map.of("flaw", "NONE", "has", trait.name()), claims);

        assertEquals(1, red.size(), trait + " turned " + red + " red");
    }

    @Test
    void namesTheSeedOfAFailure() {
        var failure = Suites.failures(Flawed.class, Map.of("flaw", "IS_NOT_SHY"), Set.of("isShy")).get("isShy");

        var replay = Arrays.stream(failure.getSuppressed()).map(Throwable::getMessage).collect(Collectors.joining());
        assertEquals("to run it again the same way: -Dimprint.seed=" + Seed.value(), replay);
    }

    /** The toy with the flaw that the run is about. */
    static class Flawed extends FormatContract {

        @Override
        protected Format format() {
            return new XorFormat(Flaw.valueOf(Suites.parameter("flaw")));
        }

        @Override
        protected Set<Trait> lacks() {
            var lacks = new HashSet<>(Set.of(Trait.KEEPS_RUNS, Trait.KEEPS_BAD, Trait.JUDGED));
            lacks.removeIf(trait -> trait.name().equals(Suites.parameter("has")));
            for (var trait : Trait.values()) {
                if (trait.name().equals(Suites.parameter("lacks"))) {
                    lacks.add(trait);
                }
            }
            return lacks;
        }
    }
}
