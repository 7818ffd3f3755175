package imprint.testing;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs claims of a contract inside a test, so that a test can be about which of them fail. */
final class Suites {

    /** Read where the suite's own threads have no other way to be told; the runs inside one test come one after another. */
    private static volatile Map<String, String> parameters = Map.of();

    private Suites() {}

    static String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    /** Names of the claims that failed. */
    static TreeSet<String> red(Class<?> suite, Map<String, String> with, Set<String> claims) {
        return new TreeSet<>(failures(suite, with, claims).keySet());
    }

    /** What the claims that failed threw, by name. */
    static synchronized Map<String, Throwable> failures(Class<?> suite, Map<String, String> with, Set<String> claims) {
        parameters = with;
        var failures = new TreeMap<String, Throwable>();
        var ran = new TreeSet<String>();
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(claims.stream().map(claim -> DiscoverySelectors.selectMethod(suite, claim)).toList()).build();
        var listener = new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.getSource().orElse(null) instanceof MethodSource method) {
                    ran.add(method.getMethodName());
                    result.getThrowable().ifPresent(thrown -> failures.put(method.getMethodName(), thrown));
                }
            }
        };
        try {
            LauncherFactory.create().execute(request, listener);
        } finally {
            parameters = Map.of();
        }
        if (!ran.equals(new TreeSet<>(claims))) {
            throw new AssertionError("of " + claims + " only " + ran + " ran");
        }
        return failures;
    }
}
