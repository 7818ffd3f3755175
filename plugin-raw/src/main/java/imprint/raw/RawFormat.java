package imprint.raw;

import imprint.api.Format;
import imprint.api.Job;
import imprint.api.Volume;
import imprint.api.VolumeWriter;
import java.nio.ByteBuffer;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/** The bytes as they are. Nothing is recognised as raw: it is what content is that nobody else knows. */
@Component(property = {
    Format.NAME + "=raw", Format.LAYER + "=" + Format.IMAGE,
    Format.ENDINGS + "=.img", Format.ENDINGS + "=.raw", Format.ENDINGS + "=.dd", Format.ENDINGS + "=.iso",
    Format.ABILITIES + "=read", Format.ABILITIES + "=write", Format.ABILITIES + "=seek"
})
public final class RawFormat implements Format {

    @Override
    public boolean recognises(ByteBuffer head, ByteBuffer tail) {
        return false;
    }

    @Override
    public Volume open(Volume image, Job job) {
        return image;
    }

    @Override
    public VolumeWriter create(VolumeWriter image, Volume content, Map<String, String> options, Job job) {
        if (!options.isEmpty()) {
            throw new IllegalArgumentException("raw has no option \"" + options.keySet().iterator().next() + "\"; it has none at all");
        }
        return image;
    }
}
