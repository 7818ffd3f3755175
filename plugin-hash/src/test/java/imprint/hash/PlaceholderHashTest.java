package imprint.hash;

import imprint.api.Placeholder;
import imprint.testing.PlaceholderContract;

class PlaceholderHashTest extends PlaceholderContract {
    @Override protected Placeholder placeholder() {
        return new PlaceholderHash();
    }
}
