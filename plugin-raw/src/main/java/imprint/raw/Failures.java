package imprint.raw;

import imprint.api.NoSpaceException;
import java.io.IOException;

/** What went wrong while writing, as a sentence that names the place. */
final class Failures {

    private Failures() {}

    static boolean isNoSpace(IOException failure) {
        return Kernel.is(failure, Kernel.ENOSPC, Kernel.EDQUOT, Kernel.EFBIG);
    }

    static IOException writing(String name, long offset, long length, IOException failure) {
        if (isNoSpace(failure)) {
            return new NoSpaceException(name + ", offset " + offset + ": no space for " + length + " more bytes ("
                    + failure.getMessage() + ").", failure);
        }
        return new IOException(name + ", offset " + offset + ": " + length + " bytes cannot be written ("
                + failure.getMessage() + ")", failure);
    }

    static IOException flushing(String name, long size, IOException failure) {
        if (isNoSpace(failure)) {
            return new NoSpaceException(name + ": no space for its " + size + " bytes (" + failure.getMessage() + ").", failure);
        }
        return new IOException(name + ": the system could not bring all of its " + size + " bytes to the medium ("
                + failure.getMessage() + "), so none of them can be relied on", failure);
    }
}
