package toy;

import imprint.api.Format;
import imprint.api.Job;
import imprint.api.Volume;
import imprint.api.VolumeWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.osgi.service.component.annotations.Component;

/**
 * A codec that shortens runs of equal bytes and checks every block. All numbers are big-endian.
 *
 * <pre>
 * head    7 "TOYcode", 1 layout: 1 checks with CRC-32, 2 with CRC-32C
 * block   4 length unpacked, 4 length packed, 4 checksum of layout, offset in the content, lengths and unpacked bytes; packed bytes
 * end     4 zero, 8 size of the content, 4 checksum of layout and these
 * </pre>
 *
 * A block holds 1 to 65536 bytes. Packed it is a row of steps: a count c below 128 and c + 1 bytes as they are, or a count c
 * from 128 on and one byte that stands c - 126 times.
 */
@Component(property = {Format.NAME + "=toy", Format.LAYER + "=" + Format.CODEC, Format.ENDINGS + "=.toy",
        Format.ABILITIES + "=read", Format.ABILITIES + "=write"})
public final class ToyFormat implements Format {

    /** The layout that is written; every one up to it is read. Version 2 of this bundle says 2 here. */
    static final int WRITTEN = 1;

    static final int HEAD = 8, BLOCK = 1 << 16, BLOCK_HEAD = 12, END = 16;
    private static final byte[] MAGIC = "TOYcode".getBytes(StandardCharsets.US_ASCII);

    @Override public boolean recognises(ByteBuffer head, ByteBuffer tail) {
        return head.remaining() >= HEAD && head.slice(head.position(), MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
    }

    @Override public Volume open(Volume image, Job job) throws IOException {
        return new ToyVolume(image, job);
    }

    @Override public VolumeWriter create(VolumeWriter image, Volume content, Map<String, String> options, Job job)
            throws IOException {
        if (!options.isEmpty()) {
            throw new IllegalArgumentException("toy has no options, so not \"" + String.join(", ", options.keySet()) + "\"");
        }
        return new ToyWriter(image, WRITTEN, job);
    }

    static ByteBuffer head(int layout) {
        return ByteBuffer.allocate(HEAD).put(MAGIC).put((byte) layout).flip();
    }

    static boolean isKnown(int layout) {
        return layout >= 1 && layout <= WRITTEN;
    }

    /** Covers where a block belongs, so that one that is left out or moved is found. */
    static int checkOfBlock(int layout, long offset, int packedLength, ByteBuffer block) {
        return check(layout, ByteBuffer.allocate(16).putLong(offset).putInt(block.remaining()).putInt(packedLength).flip(), block);
    }

    static int checkOfEnd(int layout, long size) {
        return check(layout, ByteBuffer.allocate(12).putInt(0).putLong(size).flip());
    }

    private static int check(int layout, ByteBuffer... parts) {
        Checksum sum = layout == 1 ? new CRC32() : new CRC32C();
        sum.update(layout);
        for (var part : parts) {
            sum.update(part.duplicate());
        }
        return (int) sum.getValue();
    }
}
