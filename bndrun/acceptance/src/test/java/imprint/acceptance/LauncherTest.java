package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way from {@code ./imprint} to the main service and back. */
class LauncherTest {
    @TempDir Path folder;

    @Test void endsWithTheStatusOfItsMainService() throws Exception {
        assertEquals(0, Checkout.run("formats").status());
        assertEquals(1, Checkout.run("no-such-command").status());
    }

    @Test void runsTheSameOnEquinox() throws Exception {
        var felix = Checkout.imprint(Map.of(), "formats");
        var equinox = Checkout.imprint(Map.of("IMPRINT_FRAMEWORK", "equinox"), "formats");

        assertEquals(0, felix.status(), felix.err());
        assertEquals(felix, equinox);
    }

    @Test void runsAtTheSameTimeAndLeavesNothingBehind() throws Exception {
        var environment = Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + folder);

        var runs = IntStream.range(0, 4)
                .mapToObj(each -> CompletableFuture.supplyAsync(() -> status(environment, "formats"))).toList();

        for (var run : runs) {
            assertEquals(0, run.get());
        }
        try (var left = Files.list(folder)) {
            assertEquals(0, left.filter(file -> file.getFileName().toString().startsWith("imprint-")).count());
        }
    }

    @Test void brokenPluginsAreNamedInOneSentenceEachAndDisturbNobody() throws Exception {
        Files.writeString(folder.resolve("a-broken.jar"), "no jar at all");
        Files.copy(Checkout.BUNDLES.resolve("../../launcher/launcher.jar"), folder.resolve("b-good.jar"));

        var plain = Checkout.imprint(Map.of(), "formats");
        var withPlugins = Checkout.imprint(Map.of("IMPRINT_PLUGINS", folder.toString()), "formats");

        assertEquals(plain.out(), withPlugins.out());
        assertEquals(0, withPlugins.status());
        assertEquals(1, withPlugins.err().lines().count(), withPlugins.err());
        assertTrue(withPlugins.err().startsWith("imprint: plugin a-broken.jar is left out: "), withPlugins.err());
    }

    @Test void aMissingPluginFolderIsNamed() throws Exception {
        var run = Checkout.imprint(Map.of("IMPRINT_PLUGINS", folder.resolve("none").toString()), "formats");

        assertEquals(0, run.status());
        assertTrue(run.err().contains("IMPRINT_PLUGINS"), run.err());
    }

    @Test void worksThroughASymlink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Checkout.ROOT.resolve("imprint"));

        var run = Tools.end(Tools.command(link, "formats").directory(folder.toFile()));

        assertEquals(Checkout.run("formats"), run);
    }

    private static int status(Map<String, String> environment, String... arguments) {
        try {
            return Checkout.imprint(environment, arguments).status();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
