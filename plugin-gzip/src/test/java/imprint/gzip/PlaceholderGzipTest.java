package imprint.gzip;

import imprint.api.Placeholder;
import imprint.testing.PlaceholderContract;

class PlaceholderGzipTest extends PlaceholderContract {
    @Override protected Placeholder placeholder() {
        return new PlaceholderGzip();
    }
}
