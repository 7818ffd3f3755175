package imprint.raw;

import imprint.api.Extent;
import java.io.IOException;
import java.util.Arrays;

/**
 * Which runs of a file are stored. Frozen when made: the runs stay the same for a job, whatever becomes of the file.
 *
 * @param size   of the file
 * @param bounds start and end of each stored run, ascending, no two touching
 */
record HoleMap(long size, long[] bounds) {

    /** A shorter hole costs more to skip than to read. */
    private static final long SMALLEST_HOLE = 64 * 1024;

    /** Holes that are kept at most, by counting only larger ones in a larger file. */
    private static final int MOST_HOLES = 1 << 22;

    /** All stored: for file systems that do not tell. */
    static HoleMap solid(long size) {
        return new HoleMap(size, size == 0 ? new long[0] : new long[] {0, size});
    }

    /** Asks the file system. */
    static HoleMap of(Kernel.Descriptor file, long size) throws IOException {
        long smallest = Math.max(SMALLEST_HOLE, (size / MOST_HOLES + 4095) & -4096L);
        long[] bounds = new long[16];
        int count = 0;
        long at = 0;
        while (at < size) {
            long start = file.nextData(at);
            if (start < 0 || start >= size) {
                break;
            }
            long end = file.nextHole(start);
            if (end <= start || end > size) {
                end = size;
            }
            if (count > 0 && start - bounds[count - 1] < smallest || count == 0 && start < smallest) {
                if (count == 0) {
                    bounds[count++] = 0;
                    bounds[count++] = end;
                } else {
                    bounds[count - 1] = end;
                }
            } else {
                if (count == bounds.length) {
                    bounds = Arrays.copyOf(bounds, count * 2);
                }
                bounds[count++] = start;
                bounds[count++] = end;
            }
            at = end;
        }
        if (count > 0 && size - bounds[count - 1] < smallest) {
            bounds[count - 1] = size;
        }
        return new HoleMap(size, Arrays.copyOf(bounds, count));
    }

    /** The longest run that starts at {@code offset}, which must lie inside the file. */
    Extent extent(long offset) {
        int found = Arrays.binarySearch(bounds, offset);
        int next = found < 0 ? -found - 1 : found + 1;
        boolean stored = next % 2 == 1;
        long end = next == bounds.length ? size : bounds[next];
        return new Extent(offset, end - offset, stored ? Extent.Kind.DATA : Extent.Kind.ZERO);
    }
}
