package imprint.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * How one volume is laid down in another: an image format, or a codec. A service with the properties below.
 *
 * <p>A format never opens a location and never loops over content. It is handed volumes; what it needs beside itself it
 * asks of {@link Job#beside}.
 */
@ConsumerType
public interface Format {

    /** Service property, String: the name that {@code --format} or {@code --compress} takes. Required. */
    String NAME = "imprint.name";

    /** Service property, String: {@link #CODEC} or {@link #IMAGE}. Required. */
    String LAYER = "imprint.layer";

    /** Value of {@link #LAYER}: bytes packed to fewer bytes; any number of them is peeled. */
    String CODEC = "codec";

    /** Value of {@link #LAYER}: a disk or partition laid down in a file; peeling stops at the first. */
    String IMAGE = "image";

    /** Service property, String+: endings of file names that choose this format for writing, such as ".zst". */
    String ENDINGS = "imprint.endings";

    /** Service property, String+: of "read", "write", "seek" (reads anywhere without unpacking all before). */
    String ABILITIES = "imprint.abilities";

    /** Bytes that {@link #recognises} sees at most of either end. */
    int PROBE = 64 * 1024;

    /**
     * Whether these are the ends of an image in this format. Shy: a wrong yes is a bug, so more than a short magic is
     * looked at where the magic is short.
     *
     * @param head the first {@link #PROBE} bytes, or all; read-only, position 0
     * @param tail the last {@link #PROBE} bytes, or all; empty where the image is a stream
     */
    boolean recognises(ByteBuffer head, ByteBuffer tail);

    /**
     * The content of an image. Reads headers and indexes, not the content.
     *
     * @param image the whole image, taken over on return: closing the result closes it; the caller's again after an exception
     * @throws VolumeException.Corrupt     the image is damaged
     * @throws VolumeException.Unsupported the image is sound, but newer or rarer than what is read here
     */
    Volume open(Volume image, Job job) throws IOException;

    /**
     * Begins an image.
     *
     * @param image   where the image is laid down, taken over on return; finishing, committing and closing pass through
     * @param content what will be written: its size and its extents, which stay the same for the job; size -1 and one run
     *                of DATA where they are not known. It is not read from here.
     * @param options by name; what is missing has a default
     * @throws IllegalArgumentException an option has an unknown name or a value that does not fit, named in the message;
     *                                  or content of this size, or of none, cannot be laid down
     * @throws UnsupportedOperationException this format is only read; or {@code image} cannot be patched and has to be.
     *                                  After any exception {@code image} is the caller's again, with nothing written
     *                                  unless writing failed
     */
    default VolumeWriter create(VolumeWriter image, Volume content, Map<String, String> options, Job job)
            throws IOException {
        throw new UnsupportedOperationException("this format is only read");
    }
}
