package imprint.raw;

import imprint.api.Placeholder;
import imprint.testing.PlaceholderContract;

class PlaceholderRawTest extends PlaceholderContract {
    @Override protected Placeholder placeholder() {
        return new PlaceholderRaw();
    }
}
