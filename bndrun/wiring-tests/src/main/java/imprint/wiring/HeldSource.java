package imprint.wiring;

import imprint.api.Job;
import imprint.api.Place;
import imprint.api.Source;
import imprint.api.Volume;
import java.io.InterruptedIOException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** Gives the first half of its content, and the second half when it is let go: whoever reads it is in the middle of a job. */
final class HeldSource implements Source {
    static final URI PLACE = URI.create("held:content");

    private final byte[] content;
    private final CountDownLatch reached = new CountDownLatch(1), free = new CountDownLatch(1);

    HeldSource(byte[] content) {
        this.content = content;
    }

    /** Returns when a job has read the first half. */
    void awaitJob() throws InterruptedException {
        reached.await();
    }

    void letGo() {
        free.countDown();
    }

    @Override public boolean handles(URI place) {
        return place.equals(PLACE);
    }

    @Override public Place inspect(URI place) {
        return new Place(place, "the held content", Place.Kind.STREAM, content.length, 1, Long.MAX_VALUE, Long.MAX_VALUE, Map.of(),
                List.of(), Set.of(), Set.of());
    }

    @Override public Volume open(URI place, Job job) {
        return new Volume() {
            @Override public long size() {
                return content.length;
            }

            @Override public int read(long offset, ByteBuffer target) throws IOException {
                if (offset >= content.length) {
                    return -1;
                }
                if (offset >= content.length / 2) {
                    hold();
                }
                long end = offset < content.length / 2 ? content.length / 2 : content.length;
                int length = (int) Math.min(target.remaining(), end - offset);
                target.put(content, (int) offset, length);
                return length;
            }

            @Override public void close() {}

            @Override public String toString() {
                return "the held content";
            }
        };
    }

    private void hold() throws IOException {
        reached.countDown();
        try {
            free.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the job was cancelled");
        }
    }
}
