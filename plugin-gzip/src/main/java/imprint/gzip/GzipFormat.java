package imprint.gzip;

import imprint.api.Event;
import imprint.api.Format;
import imprint.api.Job;
import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.VolumeWriter;
import imprint.codec.FrameWriter;
import imprint.codec.UnpackedFrames;
import imprint.codec.UnpackedStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Gzip. Written as members of 1 MiB with a table of their sizes, which every gzip unpacks and which is read anywhere; other
 * images are read as streams. Option {@code level}, 1 to 9, 6 unless given.
 *
 * @see "README.md; tried with gzip 1.12 and pigz 2.6"
 */
@Component(property = {Format.NAME + "=gzip", Format.LAYER + "=" + Format.CODEC, Format.ENDINGS + "=.gz",
        Format.ABILITIES + "=read", Format.ABILITIES + "=write", Format.ABILITIES + "=seek"})
public final class GzipFormat implements Format {

    private static final String LEVEL = "level";
    private static final int DEFAULT_LEVEL = 6;
    private static final int MEMBER = 1 << 20;
    private static final int ZEROES = 16 << 20;

    @Activate
    public GzipFormat() {}

    @Override
    public boolean recognises(ByteBuffer head, ByteBuffer tail) {
        return MemberHeader.isPlausible(head);
    }

    @Override
    public Volume open(Volume image, Job job) throws IOException {
        var unpacking = new GzipUnpacking(image);
        var facts = new LinkedHashMap<String, String>();
        if (image.size() == 0) {
            throw new VolumeException.Corrupt(image, 0, 0, "is empty, expected a member");
        }
        if (image.size() > 0) {
            var table = MemberTable.read(image, job);
            if (table.isPresent() && table.get().isWhole()
                    && UnpackedFrames.proveEmptyOnes(image, table.get().index(), unpacking)) {
                facts.put("random access", "by member table");
                facts.put("members", String.valueOf(table.get().index().count()));
                return new UnpackedFrames(image, table.get().index(), unpacking, facts, job);
            }
            table.ifPresent(present -> job.event(new Event.Note(
                    image + ": its member table does not list all members, so it is not used")));
        }
        facts.put("random access", "none");
        return new UnpackedStream(image, -1, unpacking, facts, job);
    }

    @Override
    public VolumeWriter create(VolumeWriter image, Volume content, Map<String, String> options, Job job) throws IOException {
        return new FrameWriter(image, new GzipPacking(this, level(options), job), MEMBER, ZEROES, job);
    }

    private static int level(Map<String, String> options) {
        for (var name : options.keySet()) {
            if (!name.equals(LEVEL)) {
                throw new IllegalArgumentException("gzip has no option \"" + name + "\", only \"" + LEVEL + "\"");
            }
        }
        var text = options.getOrDefault(LEVEL, String.valueOf(DEFAULT_LEVEL));
        if (!text.matches("[1-9]")) {
            throw new IllegalArgumentException("gzip level \"" + text + "\" is not a number from 1 to 9");
        }
        return Integer.parseInt(text);
    }
}
