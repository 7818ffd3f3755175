package imprint.shell;

import imprint.api.Installed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleContext;

/** Which program this is: its own version, Java's, and that of every bundle. */
record Versions(String own, List<String> bundles) {
    private static final String UNRELEASED = "unreleased";

    static Versions of(Optional<BundleContext> context, List<Installed> installed) {
        if (context.isEmpty()) {
            return new Versions(UNRELEASED, installed.stream().map(Installed::bundle).distinct().toList());
        }
        return new Versions(context.get().getBundle().getVersion().toString(), Arrays.stream(context.get().getBundles())
                .filter(bundle -> bundle.getBundleId() != 0 && bundle.getSymbolicName() != null)
                .map(bundle -> bundle.getSymbolicName() + " " + bundle.getVersion()).sorted().distinct().toList());
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(Grammar.PROGRAM + " " + own);
        lines.add("java " + Runtime.version() + " (" + System.getProperty("java.vendor") + "), "
                + System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"));
        lines.addAll(bundles);
        return lines;
    }
}
