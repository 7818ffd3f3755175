package imprint.testing;

import static org.junit.jupiter.api.Assertions.assertFalse;

import imprint.api.Placeholder;
import org.junit.jupiter.api.Test;

/** Holds the place of the contract suites. */
public abstract class PlaceholderContract {
    protected abstract Placeholder placeholder();

    @Test void hasAName() {
        assertFalse(placeholder().name().isBlank());
    }
}
