package imprint.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
    private final BundleContext context;

    @Activate public GogoBundles(BundleContext context) {
        this.context = context;
    }

    @Descriptor("installs and starts a bundle")
    public String install(@Descriptor("a jar") String jar) {
        return "installed " + name(started(jar));
    }

    @Descriptor("removes a bundle; a job that uses it ends with it first")
    public String uninstall(@Descriptor("symbolic name") String name) {
        List<Bundle> found = named(name);
        found.forEach(GogoBundles::removeInBackground);
        return "removing " + name(found.getFirst());
    }

    @Descriptor("puts a newer jar in the place of a bundle; running jobs end with the old one")
    public String update(@Descriptor("symbolic name") String name, @Descriptor("the newer jar") String jar) {
        List<Bundle> old = named(name);
        Bundle fresh = started(jar);
        if (!fresh.getSymbolicName().equals(name)) {
            uninstalled(fresh);
            throw new IllegalArgumentException(jar + " is " + fresh.getSymbolicName() + ", not " + name + "; nothing was changed");
        }
        old.stream().filter(bundle -> bundle.getBundleId() != fresh.getBundleId()).forEach(GogoBundles::removeInBackground);
        return "updated to " + name(fresh);
    }

    private Bundle started(String jar) {
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
    private static void removeInBackground(Bundle bundle) {
        Thread.ofPlatform().daemon().name("imprint-uninstall").start(() -> uninstalled(bundle));
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

    /** One line of the innermost cause that has words. */
    private static String reason(Throwable failure) {
        String words = "it is broken";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                words = cause.getMessage();
            }
        }
        return words.strip().lines().findFirst().orElse(words);
    }
}
