package imprint.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import sun.misc.Signal;

/**
 * Starts whichever framework is on the class path with the bundles of one folder, calls the service
 * {@code Callable} that has {@code imprint.main=true}, and ends with the Integer it returns. That service finds the
 * command line in a {@code Supplier<String[]>} with the property {@code imprint.arguments}. It must not call
 * {@code System.exit}: a signal interrupts it, with its number in the system property {@value #SIGNAL}, and it then has
 * {@value #GRACE_SECONDS} seconds to return.
 */
public final class Launcher {
    private static final int ENVIRONMENT = 1, FAILED = 2;
    private static final int GRACE_SECONDS = 8;
    private static final int SIGNALLED = 128;
    /** System property: the number of the signal that ends us. */
    private static final String SIGNAL = "imprint.signal";
    private static final int HEADLESS = 1, INTERACTIVE = 2;       // start levels

    /** Started, it takes the terminal and stops the framework when its own session ends; its classes are welcome. */
    private static final String OWN_SESSION = "org.apache.felix.gogo.jline";

    /** As Felix and as Equinox say it. */
    private static final Pattern MISSING_PACKAGE = Pattern.compile("(?:osgi\\.wiring\\.package=|Import-Package: )([\\w.]+)");

    private final Path store;
    private final String[] arguments;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;

    private Launcher(Path store, String[] arguments) {
        this.store = store;
        this.arguments = arguments;
    }

    /** The system property {@code imprint.bundles} names the folder of bundles. */
    public static void main(String[] arguments) throws IOException {
        // Felix writes version numbers in the default locale's digits and cannot read Arabic ones; Equinox wants a language.
        Locale.setDefault(Locale.ENGLISH);
        // A folder of its own for each run: runs at the same time share nothing.
        new Launcher(Files.createTempDirectory("imprint-"), arguments).run();
    }

    private void run() {
        Runtime.getRuntime().addShutdownHook(new Thread(stopOnSignal(Thread.currentThread()), "imprint-stop"));
        leaveSignalsBehind();
        Integer status = null;
        try {
            status = call(start());
        } catch (InterruptedException e) {
            status = stopping ? null : FAILED;
        } catch (Exception | LinkageError e) {
            if (!stopping) {
                complain(e);
                status = FAILED;
            }
        }
        System.out.flush();
        System.err.flush();
        wipe(store);
        ended.countDown();
        if (status == null) {
            return;                                               // a signal ends us: 128 + its number
        }
        if (Boolean.getBoolean("imprint.train")) {
            System.exit(status);                                  // halt would not write the class archive
        }
        Runtime.getRuntime().halt(status);                        // also while the hook below waits
    }

    /** The JVM ends on these by itself, but does not say on which; one that is ignored stays so. */
    private static void leaveSignalsBehind() {
        for (String name : List.of("HUP", "INT", "TERM")) {
            Signal.handle(new Signal(name), signal -> {
                System.setProperty(SIGNAL, String.valueOf(signal.getNumber()));
                System.exit(SIGNALLED + signal.getNumber());
            });
        }
    }

    private Runnable stopOnSignal(Thread main) {
        return () -> {
            stopping = true;
            if (ended.getCount() == 0) {
                return;
            }
            main.interrupt();
            try {
                ended.await(GRACE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                // nobody interrupts a hook; go on to the wiping
            }
            wipe(store);
        };
    }

    private BundleContext start() throws BundleException, IOException {
        Map<String, String> configuration = new HashMap<>();
        configuration.put(Constants.FRAMEWORK_STORAGE, store.toString());
        // a dropped jar is installed beside the one in use, even under the same version
        configuration.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        configuration.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, String.valueOf(interactive() ? INTERACTIVE : HEADLESS));
        Framework framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(configuration);
        framework.init();
        BundleContext context = framework.getBundleContext();
        context.registerService(Supplier.class, arguments::clone, FrameworkUtil.asDictionary(Map.of("imprint.arguments", arguments)));

        List<Bundle> bundles = new ArrayList<>();
        for (Path jar : jars(Path.of(System.getProperty("imprint.bundles")))) {
            bundles.add(context.installBundle("reference:" + jar.toUri()));
        }
        for (Bundle bundle : bundles) {
            // Gogo's own bundles take a tenth of a second that a single command need not wait for.
            if (bundle.getSymbolicName().startsWith("org.apache.felix.gogo")) {
                bundle.adapt(BundleStartLevel.class).setStartLevel(INTERACTIVE);
            }
            if (!isFragment(bundle) && !bundle.getSymbolicName().equals(OWN_SESSION)) {
                bundle.start();
            }
        }
        framework.start();
        String plugins = System.getenv("IMPRINT_PLUGINS");
        if (plugins != null && !plugins.isEmpty()) {
            addPlugins(context, Path.of(plugins));
        }
        return context;
    }

    private boolean interactive() {
        return arguments.length == 0 || arguments[0].equals("shell");
    }

    /** After the built-in bundles are up, so that a broken jar finds nothing left to disturb. */
    private static void addPlugins(BundleContext context, Path folder) {
        List<Path> jars;
        try {
            jars = jars(folder);
        } catch (IOException | UncheckedIOException e) {
            System.err.println("imprint: IMPRINT_PLUGINS: the folder " + folder + " cannot be read; going on without it");
            return;
        }
        Map<Path, Bundle> installed = new HashMap<>();
        for (Path jar : jars) {                                   // all of them first: they may need one another
            try {
                Bundle bundle = context.installBundle(jar.toUri().toString());
                if (bundle.getSymbolicName() == null) {
                    bundle.uninstall();
                    refuse(jar, "it is no OSGi bundle (no Bundle-SymbolicName)");
                } else if (isAmong(installed, bundle)) {
                    bundle.uninstall();
                    refuse(jar, bundle.getSymbolicName() + " " + bundle.getVersion() + " lies in this folder twice");
                } else if (!isFragment(bundle)) {
                    installed.put(jar, bundle);
                }
            } catch (BundleException | RuntimeException | LinkageError e) {
                refuse(jar, reason(e));
            }
        }
        for (Path jar : jars) {
            Bundle bundle = installed.get(jar);
            try {
                if (bundle != null) {
                    bundle.start();
                }
            } catch (BundleException | RuntimeException | LinkageError e) {
                refuse(jar, reason(e));
            }
        }
    }

    /** Beside a built-in bundle of the same name and version a plugin is welcome, and preferred; two of them are a mistake. */
    private static boolean isAmong(Map<Path, Bundle> installed, Bundle bundle) {
        return installed.values().stream().anyMatch(other -> other.getSymbolicName().equals(bundle.getSymbolicName())
                && other.getVersion().equals(bundle.getVersion()));
    }

    private static void refuse(Path jar, String reason) {
        System.err.println("imprint: plugin " + jar.getFileName() + " is left out: " + reason);
    }

    /** A sentence, made of the innermost cause that has words. */
    private static String reason(Throwable failure) {
        String words = failure.getClass().getSimpleName();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                words = cause.getMessage();
            }
        }
        Matcher missing = MISSING_PACKAGE.matcher(words);
        if (missing.find()) {
            return "it imports the package " + missing.group(1) + ", and no bundle here exports it in that version";
        }
        return words.strip().replaceAll("\\s+", " ");
    }

    private static Integer call(BundleContext context) throws Exception {
        ServiceReference<?> main = context.getServiceReferences(Callable.class, "(imprint.main=true)")
                .stream().findFirst().orElse(null);
        if (main == null) {                                       // components are up once the framework is
            System.err.println("imprint: no bundle offers a main program (Callable with imprint.main=true)");
            return ENVIRONMENT;
        }
        return (Integer) ((Callable<?>) context.getService(main)).call();
    }

    private static void complain(Throwable failure) {
        System.err.println("imprint: " + reason(failure));
        if (System.getenv("IMPRINT_DEBUG") != null) {
            failure.printStackTrace();
        }
    }

    private static boolean isFragment(Bundle bundle) {
        return bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
    }

    private static List<Path> jars(Path folder) throws IOException {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.jar")) {
            found.forEach(jars::add);
        }
        jars.sort(Comparator.naturalOrder());
        return jars;
    }

    private static void wipe(Path folder) {
        try (var inside = Files.newDirectoryStream(folder)) {
            for (Path each : inside) {
                if (Files.isDirectory(each, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                    wipe(each);
                } else {
                    Files.deleteIfExists(each);
                }
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // a temporary folder left behind is no reason to change a verdict
        }
    }
}
