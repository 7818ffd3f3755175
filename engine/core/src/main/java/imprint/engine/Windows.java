package imprint.engine;

import imprint.api.Extent;
import imprint.api.Volume;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a volume into the pieces that are copied and compared, in ascending order: windows on a fixed grid that may mix
 * kinds, and long runs without content in pieces of their own. The same volume is cut in the same way every time.
 */
final class Windows {

    /** Longest piece without content: progress and cancelling are looked at between two of them. */
    private static final long LONGEST = 1L << 30;

    /**
     * A piece.
     *
     * @param index counts pieces with content, from 0; -1 where there is none
     * @param runs  ascending, without gaps, from {@code offset} to {@code offset + length}
     */
    record Window(long index, long offset, long length, List<Extent> runs) {
        boolean hasData() {
            return index >= 0;
        }
    }

    private final Volume volume;
    private final long size;
    private final int grid;
    private long position;
    private long index;
    private Extent run;

    /** @param size bytes to cut; known */
    Windows(Volume volume, long size, int grid) {
        this.volume = volume;
        this.size = size;
        this.grid = grid;
    }

    /** The next piece; null after the last. */
    Window next() throws IOException {
        if (position >= size) {
            return null;
        }
        long start = position;
        if (runHere().kind() != Extent.Kind.DATA && run.end() - start >= grid) {
            position = Math.min(run.end(), start + LONGEST);
            return new Window(-1, start, position - start, List.of(run.within(start, position)));
        }
        long end = Math.min(size, (start / grid + 1) * grid);
        var runs = new ArrayList<Extent>();
        boolean data = false;
        while (position < end) {
            var part = runHere().within(position, end);
            data |= part.kind() == Extent.Kind.DATA;
            int last = runs.size() - 1;
            if (last >= 0 && runs.get(last).kind() == part.kind()) {
                var before = runs.get(last);
                runs.set(last, new Extent(before.offset(), before.length() + part.length(), part.kind()));
            } else {
                runs.add(part);
            }
            position = part.end();
        }
        return new Window(data ? index++ : -1, start, end - start, runs);
    }

    private Extent runHere() throws IOException {
        if (run == null || run.end() <= position) {
            var found = volume.extent(position);
            run = found.within(position, Math.min(size, found.end()));
        }
        return run;
    }

    /** Bytes of DATA in a volume, by its extents alone. */
    static long dataIn(Volume volume, long size) throws IOException {
        long data = 0;
        for (long at = 0; at < size;) {
            var run = volume.extent(at);
            long end = Math.min(size, run.end());
            if (run.kind() == Extent.Kind.DATA) {
                data += end - at;
            }
            at = end;
        }
        return data;
    }
}
