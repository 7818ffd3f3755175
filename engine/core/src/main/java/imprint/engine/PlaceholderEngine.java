package imprint.engine;

import com.fasterxml.jackson.jr.ob.JSON;
import imprint.api.Placeholder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Holds the place of the engine: it sees every plugin and knows JSON. */
@Component(service = Function.class, property = "imprint.engine=placeholder")
public final class PlaceholderEngine implements Function<String, String> {
    private final List<Placeholder> plugins;

    @Activate public PlaceholderEngine(@Reference List<Placeholder> plugins) {
        this.plugins = plugins;
    }

    @Override public String apply(String question) {
        try {
            return JSON.std.asString(plugins.stream().map(Placeholder::name).sorted().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
