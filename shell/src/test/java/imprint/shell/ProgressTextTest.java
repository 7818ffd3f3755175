package imprint.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.Event.Progress;
import org.junit.jupiter.api.Test;

class ProgressTextTest {
    private static final long SECOND = 1_000_000_000L, MB = 1_000_000, GB = 1000 * MB;
    private final ProgressText text = new ProgressText();

    @Test void readsAsTheDesignHasIt() {
        text.accept(new Progress("writing", 0, 118_400 * MB, 0, ""), 0);
        for (int second = 1; second <= 100; second++) {
            text.accept(new Progress("writing", second * 400 * MB, 118_400 * MB, 0, ""), second * SECOND);
        }

        assertEquals("writing    40.0 of 118.4 GB  33 %  now 400 MB/s  mean 400 MB/s  left 3 min 16 s  errors 0", text.line(120));
    }

    @Test void aNarrowTerminalLosesWhatMattersLeast() {
        readsAsTheDesignHasIt();

        assertEquals("writing    40.0 of 118.4 GB  33 %  now 400 MB/s  left 3 min 16 s", text.line(66));
        assertEquals("writing    40.0 of 118.4 GB", text.line(30));
        assertEquals(10, text.line(10).length());
    }

    @Test void errorsStayLongestOnceThereAreSome() {
        text.accept(new Progress("reading", 5 * GB, 10 * GB, 3, "medium"), 0);
        text.accept(new Progress("reading", 6 * GB, 10 * GB, 3, "medium"), SECOND);

        assertEquals("reading    6.0 of 10.0 GB  60 %  errors 3", text.line(45));
    }

    @Test void neverSaysHundredBeforeAllIsProven() {
        text.accept(new Progress("verifying", 10 * GB, 10 * GB, 0, ""), 0);

        assertEquals(99, text.percent());
    }

    @Test void aStreamHasNeitherPercentNorEnd() {
        text.accept(new Progress("writing", 0, -1, 0, ""), 0);
        text.accept(new Progress("writing", GB, -1, 0, "gzip"), SECOND);

        assertEquals("writing    1.0 GB  now 1000 MB/s  mean 1000 MB/s  errors 0  slowest gzip", text.line(200));
    }

    @Test void nowForgetsWhatMeanRemembers() {
        text.accept(new Progress("writing", 0, 100 * GB, 0, ""), 0);
        for (int second = 1; second <= 10; second++) {
            text.accept(new Progress("writing", second * 100 * MB, 100 * GB, 0, ""), second * SECOND);
        }
        for (int second = 11; second <= 20; second++) {
            text.accept(new Progress("writing", GB + (second - 10) * 300 * MB, 100 * GB, 0, ""), second * SECOND);
        }

        assertEquals(300 * MB, text.rateNow());
        assertEquals(200 * MB, text.rateMean());
    }

    @Test void aNewPhaseBeginsItsOwnRates() {
        text.accept(new Progress("writing", 0, 10 * GB, 0, ""), 0);
        text.accept(new Progress("writing", 10 * GB, 10 * GB, 0, ""), SECOND);
        text.accept(new Progress("verifying", 0, 10 * GB, 0, ""), 2 * SECOND);
        text.accept(new Progress("verifying", GB, 10 * GB, 0, ""), 3 * SECOND);

        assertEquals(GB, text.rateMean());
    }

    @Test void aWordOnceAMinuteWhileNothingMoves() {
        text.accept(new Progress("writing", 61_200 * MB, 118_400 * MB, 0, "writing"), 0);

        assertTrue(text.stall(59 * SECOND).isEmpty());
        assertEquals("writing has not moved for 1 min 0 s, at 61.2 GB; all wait for writing; still waiting",
                text.stall(60 * SECOND).orElseThrow());
        assertTrue(text.stall(61 * SECOND).isEmpty());
        text.accept(new Progress("writing", 61_200 * MB, 118_400 * MB, 0, "writing"), 100 * SECOND);
        assertTrue(text.stall(120 * SECOND).orElseThrow().contains("2 min 0 s"));
    }

    @Test void aHostilePhaseNameDrivesNoTerminal() {
        text.accept(new Progress("wri\u001B[2Jting", 1, 2, 0, ""), 0);

        assertFalse(text.line(80).contains("\u001B"));
    }
}
