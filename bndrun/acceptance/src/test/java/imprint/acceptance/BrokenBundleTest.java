package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jars that are broken, each in its own way: one sentence each, and everything else works on. */
class BrokenBundleTest {
    @TempDir static Path jars;

    @TempDir Path folder;

    @BeforeAll static void makeThem() throws Exception {
        Files.writeString(jars.resolve("a-no-jar.jar"), "no jar at all");
        jar("b-no-bundle.jar", "Created-By: nobody\n", null);
        jar("c-import.jar", "Bundle-SymbolicName: c\nImport-Package: not.there\n", null);
        jar("d-activator.jar", "Bundle-SymbolicName: d\nBundle-Activator: broken.Activator\nImport-Package: org.osgi.framework\n",
                activator());
        jar("e-one.jar", "Bundle-SymbolicName: twice\n", null);
        jar("f-two.jar", "Bundle-SymbolicName: twice\n", null);
    }

    @ParameterizedTest @ValueSource(strings = {"felix", "equinox"})
    void inTheFolderOfPluginsEachIsNamedAndDisturbsNobody(String framework) throws Exception {
        var plain = Checkout.imprint(Map.of("IMPRINT_FRAMEWORK", framework), "formats");
        var with = Checkout.imprint(Map.of("IMPRINT_FRAMEWORK", framework, "IMPRINT_PLUGINS", jars.toString()), "formats");

        assertEquals(0, with.status());
        assertEquals(plain.out(), with.out());
        assertEquals(List.of(
                "imprint: plugin a-no-jar.jar is left out: zip END header not found",
                "imprint: plugin b-no-bundle.jar is left out: it is no OSGi bundle (no Bundle-SymbolicName)",
                "imprint: plugin c-import.jar is left out: it imports the package not.there, and no bundle here exports it in that version",
                "imprint: plugin d-activator.jar is left out: no luck today",
                "imprint: plugin f-two.jar is left out: twice 1.0.0 lies in this folder twice"),
                with.err().lines().sorted().toList());
    }

    @ParameterizedTest @CsvSource({"a-no-jar.jar,zip END header not found", "b-no-bundle.jar,it is no OSGi bundle (no Bundle-SymbolicName)",
            "c-import.jar,imports the package not.there", "d-activator.jar,no luck today"})
    void installedByTheShellItIsRefusedInOneSentence(String jar, String because) throws Exception {
        Path script = Files.writeString(folder.resolve("script"), "install " + jars.resolve(jar) + "\n");

        var ended = Checkout.run("shell", script);

        assertEquals(1, ended.status(), ended.err());
        assertEquals(1, ended.err().lines().count(), ended.err());
        assertTrue(ended.err().contains(jar + " was not installed: ") && ended.err().contains(because), ended.err());
        assertEquals("", ended.out());
    }

    @Test void whatIsInstalledAlreadyIsUpdatedAndNotInstalledTwice() throws Exception {
        Path script = Files.writeString(folder.resolve("script"), """
                install %1$s/e-one.jar
                update twice %1$s/f-two.jar
                update twice %1$s/f-two.jar
                uninstall twice
                install %1$s/f-two.jar
                install %1$s/e-one.jar
                """.formatted(jars));

        var ended = Checkout.run("shell", script);

        assertEquals(1, ended.status(), ended.err());
        assertEquals(List.of("installed twice 1.0.0", "updated to twice 1.0.0", "updated to twice 1.0.0", "removed twice 1.0.0",
                "installed twice 1.0.0"), ended.out().lines().toList());
        assertTrue(ended.err().contains("twice 1.0.0 is installed already; \"update twice "), ended.err());
    }

    @Test void anUpdateByAnotherBundleChangesNothing() throws Exception {
        Path script = Files.writeString(folder.resolve("script"), "update imprint.gzip " + jars.resolve("e-one.jar") + "\n");

        var ended = Checkout.run("shell", script);

        assertEquals(1, ended.status());
        assertTrue(ended.err().contains("it is twice 1.0.0, not imprint.gzip"), ended.err());
    }

    private static void jar(String name, String headers, byte[] activator) throws Exception {
        var manifest = new Manifest(new ByteArrayInputStream(("Manifest-Version: 1.0\n"
                + (headers.contains("Bundle") ? "Bundle-ManifestVersion: 2\nBundle-Version: 1.0.0\n" : "") + headers)
                        .getBytes(StandardCharsets.UTF_8)));
        try (OutputStream file = Files.newOutputStream(jars.resolve(name)); var jar = new JarOutputStream(file, manifest)) {
            if (activator != null) {
                jar.putNextEntry(new ZipEntry("broken/Activator.class"));
                jar.write(activator);
            }
        }
    }

    private static byte[] activator() throws Exception {
        Path source = Files.createDirectories(jars.resolve("broken")).resolve("Activator.java");
        Files.writeString(source, """
                package broken;
                public class Activator implements org.osgi.framework.BundleActivator {
                    public void start(org.osgi.framework.BundleContext context) { throw new IllegalStateException("no luck today"); }
                    public void stop(org.osgi.framework.BundleContext context) {}
                }
                """);
        var framework = Checkout.ROOT.resolve("bndrun/target/launcher/felix.jar").toString();
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-cp", framework, source.toString()));
        return Files.readAllBytes(source.resolveSibling("Activator.class"));
    }
}
