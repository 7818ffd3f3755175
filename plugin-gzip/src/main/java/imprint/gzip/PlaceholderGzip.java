package imprint.gzip;

import imprint.api.Placeholder;
import org.osgi.service.component.annotations.Component;

/** Holds the place of this plugin's services. */
@Component
public final class PlaceholderGzip implements Placeholder {
    @Override public String name() {
        return "gzip";
    }
}
