package imprint.zstd;

import com.github.luben.zstd.Zstd;
import imprint.api.Event;
import imprint.api.Format;
import imprint.api.Job;
import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.VolumeWriter;
import imprint.codec.FrameIndex;
import imprint.codec.FrameWriter;
import imprint.codec.UnpackedFrames;
import imprint.codec.UnpackedStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Zstandard. Written as independent frames of 1 MiB with a seek table, which every zstd unpacks and which is read anywhere;
 * any zstd is read, without frames that are known beforehand as a stream. Option {@code level}, 3 unless given.
 *
 * @see "README.md; tried with zstd 1.5.4 and the library 1.5.7"
 */
@Component(property = {Format.NAME + "=zstd", Format.LAYER + "=" + Format.CODEC, Format.ENDINGS + "=.zst",
        Format.ABILITIES + "=read", Format.ABILITIES + "=write", Format.ABILITIES + "=seek"})
public final class ZstdFormat implements Format {

    private static final String LEVEL = "level";
    private static final int DEFAULT_LEVEL = 3;
    private static final int LOWEST_LEVEL = -7;
    private static final int FRAME = 1 << 20;
    private static final int ZEROES = 64 << 20;

    @Activate
    public ZstdFormat() {}

    @Override
    public boolean recognises(ByteBuffer head, ByteBuffer tail) {
        var in = head.slice().order(ByteOrder.LITTLE_ENDIAN);
        while (in.remaining() >= 8 && FrameHeader.isSkippable(in.getInt(in.position()))) {
            long length = 8 + Integer.toUnsignedLong(in.getInt(in.position() + 4));
            if (length > in.remaining()) {
                return false;
            }
            in.position(in.position() + (int) length);
        }
        return FrameHeader.isPlausible(in);
    }

    @Override
    public Volume open(Volume image, Job job) throws IOException {
        var unpacking = new ZstdUnpacking(image, Optional.empty(), job);
        if (image.size() < 0) {
            return new UnpackedStream(image, -1, unpacking, facts("none, a stream", Optional.empty()), job);
        }
        if (image.size() == 0) {
            throw new VolumeException.Corrupt(image, 0, 0, "is empty, expected a frame");
        }
        var table = SeekTable.read(image, job);
        if (table.isPresent() && table.get().isWhole()) {
            var index = table.get().index();
            var withChecksums = new ZstdUnpacking(image, table.get().checksums(), job);
            if (UnpackedFrames.proveEmptyOnes(image, index, unpacking)) {
                return new UnpackedFrames(image, index, withChecksums, facts("by seek table", Optional.of(index)), job);
            }
        }
        var found = FrameWalk.of(image);
        if (table.isPresent()) {
            if (found.isPresent()) {
                table.get().compare(found.get(), image);
            }
            job.event(new Event.Note(image + ": its seek table does not list all frames, so it is not used"));
        }
        if (found.isPresent() && UnpackedFrames.proveEmptyOnes(image, found.get(), unpacking)) {
            return new UnpackedFrames(image, found.get(), unpacking, facts("by frames", found), job);
        }
        return new UnpackedStream(image, -1, unpacking, facts("none", Optional.empty()), job);
    }

    @Override
    public VolumeWriter create(VolumeWriter image, Volume content, Map<String, String> options, Job job) throws IOException {
        int level = level(options);
        int frame = FRAME;
        while (content.size() / frame > SeekTable.MOST_FRAMES / 2) {
            frame *= 2;                                       // more than 64 TiB: the table lists so many frames and no more
        }
        return new FrameWriter(image, new ZstdPacking(this, level, job), frame, Math.max(frame, ZEROES), job);
    }

    private static Map<String, String> facts(String access, Optional<FrameIndex> index) {
        var facts = new LinkedHashMap<String, String>();
        facts.put("random access", access);
        index.ifPresent(frames -> facts.put("frames", String.valueOf(frames.count())));
        return facts;
    }

    private static int level(Map<String, String> options) {
        for (var name : options.keySet()) {
            if (!name.equals(LEVEL)) {
                throw new IllegalArgumentException("zstd has no option \"" + name + "\", only \"" + LEVEL + "\"");
            }
        }
        var text = options.getOrDefault(LEVEL, String.valueOf(DEFAULT_LEVEL));
        int highest = Zstd.maxCompressionLevel();
        try {
            int level = Integer.parseInt(text);
            if (level >= LOWEST_LEVEL && level <= highest) {
                return level;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(range(text, highest), e);
        }
        throw new IllegalArgumentException(range(text, highest));
    }

    private static String range(String text, int highest) {
        return "zstd level \"" + text + "\" is not a number from " + LOWEST_LEVEL + " to " + highest;
    }
}
