package imprint.testing;

import imprint.api.Format;
import java.util.Set;

/** The contract on a sound toy: a whole conformance test. */
class XorFormatTest extends FormatContract {

    @Override
    protected Format format() {
        return new XorFormat(XorFormat.Flaw.NONE);
    }

    @Override
    protected Set<Trait> lacks() {
        return Set.of(Trait.KEEPS_RUNS, Trait.KEEPS_BAD, Trait.JUDGED);
    }
}
