package imprint.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** What only a running framework can show: every bundle of the house resolves and starts. */
public class AssemblyTest {
    private final BundleContext context = FrameworkUtil.getBundle(AssemblyTest.class).getBundleContext();

    @Test void everyBundleOfTheHouseIsActive() {
        List<Bundle> house = Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getSymbolicName().startsWith("imprint.")).toList();

        assertTrue(house.size() > 2, house.toString());
        for (Bundle bundle : house) {
            assertEquals(Bundle.ACTIVE, bundle.getState(), bundle.getSymbolicName());
        }
    }
}
