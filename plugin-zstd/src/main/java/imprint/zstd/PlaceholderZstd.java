package imprint.zstd;

import imprint.api.Placeholder;
import org.osgi.service.component.annotations.Component;

/** Holds the place of this plugin's services. */
@Component
public final class PlaceholderZstd implements Placeholder {
    @Override public String name() {
        return "zstd " + com.github.luben.zstd.util.ZstdVersion.VERSION;
    }
}
