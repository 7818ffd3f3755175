package imprint.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Bundles that come and go while the shell runs. What is installed takes effect at once and ends with the program. */
@Component(service = GogoBundles.class, property = {"osgi.command.scope=imprint", "osgi.command.function=install",
        "osgi.command.function=uninstall", "osgi.command.function=update"})
public final class GogoBundles {
    /** As Felix and as Equinox say it. */
    private static final Pattern MISSING_PACKAGE = Pattern.compile("(?:osgi\\.wiring\\.package=|Import-Package: )([\\w.]+)");
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final BundleContext context;

    @Activate public GogoBundles(BundleContext context) {
        this.context = context;
    }

    @Descriptor("installs and starts a bundle")
    public String install(@Descriptor("a jar") String jar) {
        return "installed " + name(started(jar, fresh -> {
            if (Arrays.stream(context.getBundles()).anyMatch(other -> other != fresh && name(other).equals(name(fresh)))) {
                throw new BundleException(name(fresh) + " is installed already; \"update " + fresh.getSymbolicName() + " " + jar
                        + "\" replaces it");
            }
        }));
    }

    @Descriptor("removes a bundle; a job that uses it ends with it first")
    public String uninstall(@Descriptor("symbolic name") String name) {
        List<Bundle> found = named(name);
        return removed(found, "removed " + name(found.getFirst()));
    }

    @Descriptor("puts a newer jar in the place of a bundle; running jobs end with the old one")
    public String update(@Descriptor("symbolic name") String name, @Descriptor("the newer jar") String jar) {
        List<Bundle> old = named(name);
        Bundle fresh = started(jar, bundle -> {
            if (!bundle.getSymbolicName().equals(name)) {
                throw new BundleException("it is " + name(bundle) + ", not " + name);
            }
        });
        return removed(old, "updated to " + name(fresh));
    }

    /** What a jar has to be, besides a bundle. */
    private interface Condition {
        void check(Bundle fresh) throws BundleException;
    }

    private Bundle started(String jar, Condition condition) {
        Path file = Path.of(jar).toAbsolutePath();
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(jar + ": there is no such file");
        }
        Bundle bundle = null;
        try {
            // Never the same location twice: an update has to stand beside what it replaces.
            bundle = context.installBundle(file.toUri() + "#" + System.nanoTime(), Files.newInputStream(file));
            if (bundle.getSymbolicName() == null) {
                throw new BundleException("it is no OSGi bundle (no Bundle-SymbolicName)");
            }
            condition.check(bundle);
            if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                bundle.start();
            }
            return bundle;
        } catch (BundleException | java.io.IOException | RuntimeException | LinkageError e) {
            if (bundle != null) {
                uninstalled(bundle);
            }
            throw new IllegalArgumentException(jar + " was not installed: " + reason(e), e);
        }
    }

    private List<Bundle> named(String name) {
        if (name.equals(context.getBundle().getSymbolicName())) {
            throw new IllegalArgumentException(name + " is this very shell; it stays while it is used");
        }
        List<Bundle> found = Arrays.stream(context.getBundles()).filter(bundle -> name.equals(bundle.getSymbolicName())).toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException("no bundle " + name + " is installed; \"imprint --version\" lists them");
        }
        if (found.stream().anyMatch(bundle -> bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID)) {
            throw new IllegalArgumentException(name + " is the framework itself");
        }
        return found;
    }

    /** Leaving waits for the jobs that use it; the person need not. */
    private static String removed(List<Bundle> bundles, String done) {
        var leaving = Thread.ofPlatform().daemon().name("imprint-uninstall").start(() -> bundles.forEach(GogoBundles::uninstalled));
        try {
            return leaving.join(PATIENCE) ? done : done + "; a job still uses what goes, and keeps it until it ends";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return done;
        }
    }

    private static void uninstalled(Bundle bundle) {
        try {
            bundle.uninstall();
        } catch (BundleException | IllegalStateException e) {
            System.getLogger(GogoBundles.class.getName()).log(System.Logger.Level.WARNING, name(bundle) + " did not leave cleanly", e);
        }
    }

    private static String name(Bundle bundle) {
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }

    /** A sentence, made of the innermost cause that has words. */
    private static String reason(Throwable failure) {
        String words = "it is broken";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                words = cause.getMessage();
            }
        }
        var missing = MISSING_PACKAGE.matcher(words);
        if (missing.find()) {
            return "it imports the package " + missing.group(1) + ", and no bundle here exports it in that version";
        }
        return words.strip().replaceAll("\\s+", " ");
    }
}
