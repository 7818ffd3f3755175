package imprint.wiring;

import imprint.api.Format;
import imprint.api.Job;
import imprint.api.Volume;
import java.nio.ByteBuffer;

/** Fails at everything it is asked. */
final class BrokenFormat implements Format {
    @Override public boolean recognises(ByteBuffer head, ByteBuffer tail) {
        throw new IllegalStateException("broken");
    }

    @Override public Volume open(Volume image, Job job) {
        throw new IllegalStateException("broken");
    }
}
