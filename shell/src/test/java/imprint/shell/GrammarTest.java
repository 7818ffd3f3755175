package imprint.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrammarTest {
    @Test void aValueFollowsAfterABlankOrASign() {
        var words = Grammar.parse(new BackupVerb(), List.of("--note", "case 17", "/dev/sda", "--compress=zstd:9", "b", "-v"));

        assertEquals("case 17", words.value(Option.NOTE).orElseThrow());
        assertEquals("zstd:9", words.value(Option.COMPRESS).orElseThrow());
        assertEquals(List.of("/dev/sda", "b"), words.places());
        assertTrue(words.has(Option.VERBOSE));
    }

    @Test void namesAreTakenAsTheyAre() {
        assertEquals(List.of("-", "@list"), Grammar.parse(new BackupVerb(), List.of("-", "@list")).places());
        assertEquals(List.of("--yes", "\"b\""), Grammar.parse(new BackupVerb(), List.of("--", "--yes", "\"b\"")).places());
        assertEquals("", Grammar.parse(new BackupVerb(), List.of("a", "b", "--note=")).value(Option.NOTE).orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({"a, needs TARGET", "'', needs SOURCE", "a b c, '\"c\"'", "a b --wrong, --wrong", "a b --note, --note",
            "a b --against x, --against", "a b --par2 15%, --par2 is not in this version", "a b --split=4G, --split",
            "a b --resume, --resume", "a b --new-ids, --new-ids", "a b --checksum crc32, --checksum", "a b --yes --yes, --yes"})
    void refusesWhatDoesNotFitAndNamesIt(String line, String named) {
        var words = line.isEmpty() ? List.<String>of() : List.of(line.split(" "));

        var refusal = assertThrows(IllegalArgumentException.class, () -> Grammar.parse(new BackupVerb(), words));

        assertTrue(refusal.getMessage().contains(named), refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1025", "+4", "٣", "4.0", "", "99999999999999999999"})
    void refusesThreadsThatAreNoNumber(String number) {
        var words = Grammar.parse(new BackupVerb(), List.of("a", "b", "--threads=" + number));

        assertThrows(IllegalArgumentException.class, () -> words.number(Option.THREADS, 1, 1024));
    }

    static List<String> verbs() {
        return Verbs.NAMES;
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void helpBeginsWithExamplesThatTheGrammarTakes(String name) {
        var verb = Verbs.named(name).orElseThrow();

        assertTrue(Grammar.help(verb).startsWith("Examples:\n  "), Grammar.help(verb));
        for (var example : verb.examples()) {
            if (example.line().startsWith("imprint " + name) && !example.line().contains("|")) {
                var words = List.of(example.line().split(" (?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"));
                assertEquals(verb, Grammar.parse(verb, words.subList(2, words.size())).verb());
            }
        }
    }

    @Test void helpNamesEveryWaiverAndEveryStatus() {
        String help = Grammar.help(new BackupVerb());

        Waivers.NAMES.forEach(name -> assertTrue(help.contains(name), name));
        for (Verdict verdict : Verdict.values()) {
            assertTrue(help.lines().anyMatch(line -> line.startsWith("  " + verdict.status() + " ")), verdict.toString());
        }
        assertTrue(Grammar.help(Verbs.all()).lines().anyMatch(line -> line.startsWith("  restore IMAGE TARGET")));
    }

    @Test void bashTakesTheCompletionScript(@TempDir Path folder) throws IOException, InterruptedException {
        Path script = Files.writeString(folder.resolve("completion"), Grammar.completion(Verbs.all()));

        var bash = new ProcessBuilder("bash", "-c", "set -e; . \"$1\"; COMP_WORDS=(imprint back); COMP_CWORD=1; "
                + "COMP_LINE='imprint back' COMP_POINT=12; _complete_imprint; echo \"${COMPREPLY[@]}\"", "bash", script.toString())
                .redirectErrorStream(true).start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, bash.waitFor(), said);
        assertEquals("backup", said.strip());
    }
}
