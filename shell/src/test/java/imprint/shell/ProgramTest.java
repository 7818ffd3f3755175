package imprint.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import imprint.api.CancelledException;
import imprint.api.Event;
import imprint.api.Extent;
import imprint.api.Outcome;
import imprint.api.Place;
import imprint.api.RefusedException;
import imprint.api.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTest {
    private final Workbench imprint = new Workbench();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Locale before = Locale.getDefault();

    @AfterEach void restoreTheLocale() {
        Locale.setDefault(before);
    }

    private int run(Terminal terminal, String... words) {
        return new Program(imprint, Optional.empty(), terminal, System::nanoTime)
                .run(new Streams(new PrintStream(out, true), new PrintStream(err, true)), words).status();
    }

    private int run(String... words) {
        return run(Terminal.NONE, words);
    }

    // ---- devices

    @Test void aDeviceIsConfirmedByTheEndOfItsSerial() {
        imprint.attached.add(Workbench.disk("/dev/sdb", "AC0480-7042X"));
        var person = new Person("042X");

        assertEquals(0, run(person, "restore", "a.img", "/dev/sdb"));

        assertEquals("""
                /dev/sdb   ACME SSD 480   serial AC0480-7042X   480103981056 bytes (480.1 GB, 447.1 GiB)
                           now holds: GPT, 1 partition, ntfs "DATA"; not mounted
                Everything on it will be replaced. Last 4 characters of the serial:\s""", person.asked);
        assertTrue(imprint.run.getFirst().rules().confirmed());
        assertFalse(imprint.checked.isEmpty(), "what would be refused anyway is not asked for");
    }

    @Test void aDeviceWithoutSerialIsConfirmedByItsName() {
        imprint.attached.add(Workbench.disk("/dev/sdb", ""));

        assertEquals(6, run(new Person("042X"), "restore", "a.img", "/dev/sdb"));
        assertEquals(0, run(new Person("sdb"), "restore", "a.img", "/dev/sdb"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "y", "yes", "042", "AC0480-7042X", "042x"})
    void noOtherAnswerWillDo(String answer) {
        imprint.attached.add(Workbench.disk("/dev/sdb", "AC0480-7042X"));

        assertEquals(6, run(new Person(answer), "restore", "a.img", "/dev/sdb"));
        assertTrue(imprint.run.isEmpty());
    }

    @Test void ctrlCAtTheQuestionWritesNothing() {
        imprint.attached.add(Workbench.disk("/dev/sdb", "AC0480-7042X"));

        assertEquals(130, run(new Person(null), "restore", "a.img", "/dev/sdb"));
        assertTrue(imprint.run.isEmpty());
    }

    @Test void withoutATerminalNothingIsAskedAndNothingGuessed() {
        imprint.attached.add(Workbench.disk("/dev/sdb", "AC0480-7042X"));
        imprint.attached.add(Workbench.disk("/dev/sdc", ""));

        assertEquals(6, run("restore", "a.img", "/dev/sdb"));
        assertEquals(6, run("restore", "a.img", "/dev/sdb", "--yes"));
        assertEquals(6, run("restore", "a.img", "/dev/sdb", "--expect-serial", "AC0480-7042X"));
        assertTrue(imprint.run.isEmpty());
        assertEquals(0, run("restore", "a.img", "/dev/sdb", "--yes", "--expect-serial=AC0480-7042X"));
        assertEquals(0, run("restore", "a.img", "/dev/sdc", "--yes"));
        assertTrue(said(err).contains("/dev/sdc   ACME SSD 480"), "what is overwritten is shown all the same");
        assertEquals(0, run(new Person("unasked"), "restore", "a.img", "/dev/sdb", "--yes"));
    }

    @Test void aDryRunNeedsNobodyAndWritesNothing() {
        imprint.attached.add(Workbench.disk("/dev/sdb", "AC0480-7042X"));

        assertEquals(0, run("restore", "a.img", "/dev/sdb", "--dry-run"));

        assertTrue(imprint.run.isEmpty());
        assertTrue(said(out).contains("lost     everything that /dev/sdb holds now") && said(out).contains("remark   a remark"), said(out));
    }

    // ---- plans

    @Test void theVerbsAreThesePlans() {
        run("backup", "a", "b");
        run("restore", "a", "b");
        run("convert", "a", "b.qcow2");
        run("clone", "a", "b");

        assertEquals("[zstd]false[sha256]true, []true[]false, [qcow2]true[sha256]true, []false[]false",
                String.join(", ", imprint.run.stream().map(p -> p.layers().stream().map(l -> l.name()).toList() + "" + p.decode()
                        + p.digests().stream().map(l -> l.name()).toList() + p.rules().keep()).toList()));
        assertTrue(imprint.run.stream().allMatch(p -> p.rules().verify() && !p.rules().overwrite() && p.rules().allow().isEmpty()));
    }

    @Test void optionsBecomeRules() {
        run("backup", "a", "b", "--no-verify", "--overwrite", "--allow", "same-disk,bad-sectors", "--note=case 17", "--digest=none");

        var plan = imprint.run.getFirst();
        assertEquals("case 17", plan.rules().note());
        assertEquals(java.util.Set.of("same-disk", "bad-sectors"), plan.rules().allow());
        assertTrue(plan.rules().overwrite() && !plan.rules().verify() && plan.digests().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--allow=force", "--threads=0", "--memory=1k", "--progress=loud", "--format=vmdk", "--compress=xz"})
    void whatIsNotUnderstoodBeginsNothing(String option) {
        assertEquals(1, run("backup", "a", "b", option));
        assertTrue(imprint.run.isEmpty());
        assertTrue(said(err).startsWith("imprint: "), said(err));
    }

    // ---- words

    @Test void wordsNeverMixWithAnImageOnStandardOutput() {
        assertEquals(0, run("backup", "a", "-"));
        assertEquals(0, run("backup", "a", "-", "--json"));
        assertEquals(1, run("backup", "a", "-", "--json", "--wrong"));

        assertEquals("", said(out));
    }

    @Test void resultsAndMessagesGoTheirOwnWays() {
        run("backup", "a", "b");

        assertEquals("""
                sha256  ab12
                written  b.img
                complete: 2000000 bytes (2.0 MB, 1.9 MiB) in 0.5 s, 4 MB/s; slowest: zstd
                """, said(out));
        assertEquals("""
                writing    1.0 of 2.0 MB  50 %  errors 0  slowest zstd
                verified   2.0 of 2.0 MB  100 %
                """, said(err));
    }

    @Test void onATerminalOneLineIsRewrittenWithoutAnyControlCode() {
        run(new Person(""), "backup", "a", "b");

        assertFalse(said(err).contains("\u001B"));
        assertEquals("\rwriting    1.0 of 2.0 MB  50 %  errors 0  slowest zstd\r" + " ".repeat(54) + "\rverified   2.0 of 2.0 MB  100 %\n",
                said(err));
    }

    @Test void quietSaysNothingOfSuccessAndStillWhatIsMissing() {
        run("backup", "a", "b", "--quiet");
        assertEquals("", said(out) + said(err));

        imprint.work = (plan, terms) -> Workbench.outcome(Verdict.UNVERIFIED, "it was asked not to be verified");
        run("backup", "a", "b", "--quiet");
        assertTrue(said(out).startsWith("it was asked not to be verified\n"), said(out));
    }

    @ParameterizedTest
    @EnumSource(Verdict.class)
    void theStatusIsTheVerdicts(Verdict verdict) {
        imprint.work = (plan, terms) -> Workbench.outcome(verdict, "a reason");

        assertEquals(verdict.status(), run("verify", "a"));
        assertTrue(said(out).startsWith("a reason\n"), "what is missing comes first: " + said(out));
    }

    @Test void aLabelCannotDriveTheTerminal() {
        imprint.attached.add(Workbench.disk("/dev/sdb", "\u001B[2J"));

        run("disks");

        assertFalse(said(out).contains("\u001B"), said(out));
    }

    @Test void theTraceIsKeptForThoseWhoAsk() {
        imprint.work = (plan, terms) -> {
            throw new IllegalStateException("broken promise");
        };

        assertEquals(2, run("verify", "a"));
        assertFalse(said(err).contains("\tat "), said(err));
        assertEquals(2, run("verify", "a", "-v"));
        assertTrue(said(err).contains("\tat "), said(err));
    }

    @Test void theTargetsStateIsTold() {
        imprint.work = (plan, terms) -> {
            throw new IOException("cable");
        };

        run("backup", "a", "/tmp/none/b");

        assertEquals("imprint: cable; no file bears the name /tmp/none/b\n", said(err));
    }

    @Test void anInterruptCancelsAndWaitsUntilTheJobHasTidiedUp() throws Exception {
        var begun = new java.util.concurrent.CountDownLatch(1);
        imprint.work = (plan, terms) -> {
            begun.countDown();
            while (!terms.cancelled().getAsBoolean()) {
                Thread.onSpinWait();
            }
            assertFalse(Thread.currentThread().isInterrupted(), "an interrupt would close the engine's channels");
            throw new CancelledException();
        };
        var status = new int[1];
        var main = Thread.ofPlatform().start(() -> status[0] = run("backup", "a", "b", "--json"));
        begun.await();

        main.interrupt();
        main.join();

        assertEquals(130, status[0]);
        assertEquals("interrupted", lines().getLast().get("verdict"));
    }

    @Test void aJobThatHearsNothingIsLeftBehind() throws Exception {
        var begun = new java.util.concurrent.CountDownLatch(1);
        var never = new java.util.concurrent.CountDownLatch(1);
        imprint.work = (plan, terms) -> {
            begun.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            throw new CancelledException();
        };
        var status = new int[1];
        var main = Thread.ofPlatform().start(() -> status[0] = run("backup", "a", "b"));
        begun.await();

        main.interrupt();
        main.join();

        assertEquals(130, status[0]);
        never.countDown();
    }

    // ---- JSON

    @ParameterizedTest
    @ValueSource(strings = {"disks", "formats", "backup a b", "restore a /dev/sdı", "restore a b --dry-run", "verify a", "backup a b --wrong",
            "nonsense", "backup", "convert a b", "info a", "clone a b"})
    void everyLineParsesInATurkishLocaleAndTheLastIsTheSummary(String line) throws IOException {
        Locale.setDefault(Locale.of("tr", "TR"));
        imprint.attached.add(Workbench.disk("/dev/sdı", "İI\"\n\u2028"));
        var words = new ArrayList<>(List.of(line.split(" ")));
        words.add("--json");

        int status = run(words.toArray(String[]::new));

        var last = lines().getLast();
        assertEquals("summary", last.get("type"));
        assertEquals(String.valueOf(status), last.get("status"));
        assertEquals(status, Verdict.valueOf(last.get("verdict").toUpperCase(Locale.ROOT)).status());
        assertTrue(lines().stream().allMatch(l -> List.of("status", "event", "error", "summary").contains(l.get("type"))));
        assertEquals(1, lines().stream().filter(l -> l.get("type").equals("summary")).count());
        assertTrue(said(out).chars().allMatch(c -> c < 128), "ASCII, whatever the locale");
        Instant.parse(last.get("began"));
        assertEquals("", said(err));
    }

    @Test void theSummaryCarriesTheEvidence() throws IOException {
        imprint.work = (plan, terms) -> {
            terms.listener().accept(new Event.Bad(4096, 512));
            return new Outcome(Verdict.LOSSY, 10_000_000_000_000L, Duration.ofMillis(1500), List.of("b.img", "b.img.map"),
                    List.of(new Extent(4096, 512, Extent.Kind.BAD)), Map.of("sha256", "ab12"), List.of("512 bytes"), "reading");
        };

        assertEquals(3, run("backup", "a", "b", "--json"));

        var last = lines().getLast();
        assertEquals("lossy", last.get("verdict"));
        assertEquals("10000000000000", last.get("bytes"));
        assertEquals("1.5", last.get("seconds"));
        assertTrue(said(out).contains("\"bad\":[{\"offset\":4096,\"length\":512}]"), said(out));
        assertTrue(said(out).contains("{\"type\":\"event\",") && said(out).contains("\"digests\":{\"sha256\":\"ab12\"}"), said(out));
    }

    @Test void aRefusalIsJsonToo() throws IOException {
        imprint.work = (plan, terms) -> {
            throw new RefusedException("same-disk", "it lies on the source");
        };

        assertEquals(6, run("backup", "a", "b", "--json"));

        var error = lines().get(lines().size() - 2);
        assertEquals(List.of("error", "refused", "6", "same-disk"),
                List.of(error.get("type"), error.get("verdict"), error.get("status"), error.get("waiver")));
    }

    // ---- log

    @Test void theLogTellsWhoDidWhatToWhichDevice(@TempDir Path folder) throws IOException {
        imprint.attached.add(Workbench.disk("/dev/sdb", "AC0480-7042X"));
        imprint.work = (plan, terms) -> {
            throw new IOException("cable");
        };
        Path log = folder.resolve("case.log");

        assertEquals(2, run("restore", "nbd://me:secret@host/x", "/dev/sdb", "--yes", "--expect-serial=AC0480-7042X", "--log", log.toString()));

        String text = Files.readString(log);
        for (String word : List.of("command   imprint restore", "version   java 25", "serial AC0480-7042X", "verdict   failed, status 2",
                "error     cable", "trace     ")) {
            assertTrue(text.contains(word), word + " is not in\n" + text);
        }
        assertFalse(text.contains("secret"), text);
    }

    @Test void aLogThatCannotBeWrittenBeginsNothing() {
        assertEquals(1, run("backup", "a", "b", "--log", "/nonexistent/case.log"));
        assertTrue(imprint.run.isEmpty());
    }

    @Test void aPipeAsTargetIsNotInspectedAsASource() {
        run("backup", "a", "-", "--json");

        assertEquals(Locations.PIPE, imprint.run.getFirst().target().orElseThrow());
        assertFalse(imprint.attached.stream().anyMatch(p -> p.kind() == Place.Kind.STREAM));
    }

    private static String said(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }

    /** Scalars of every line, as text. */
    private List<Map<String, String>> lines() throws IOException {
        var lines = new ArrayList<Map<String, String>>();
        for (String line : said(out).lines().toList()) {
            var fields = new LinkedHashMap<String, String>();
            try (var json = new JsonFactory().createParser(line)) {
                assertEquals(JsonToken.START_OBJECT, json.nextToken());
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    if (json.nextToken().isStructStart()) {
                        json.skipChildren();
                    } else {
                        fields.put(name, json.getText());
                    }
                }
                assertEquals(null, json.nextToken());
            }
            lines.add(fields);
        }
        return lines;
    }
}
