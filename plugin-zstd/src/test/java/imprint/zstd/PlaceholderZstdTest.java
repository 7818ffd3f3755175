package imprint.zstd;

import imprint.api.Placeholder;
import imprint.testing.PlaceholderContract;

class PlaceholderZstdTest extends PlaceholderContract {
    @Override protected Placeholder placeholder() {
        return new PlaceholderZstd();
    }
}
