package imprint.testing;

import imprint.api.Extent.Kind;
import imprint.api.Volume;
import imprint.api.VolumeWriter;
import imprint.api.Volumes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Moves content in tests the way the engine's copy does, only less kindly. */
public final class Contents {

    private static final int LARGEST_PIECE = 300_000;

    private Contents() {}

    /**
     * Lays {@code content} down: DATA in pieces of any length, some in direct buffers and some at an odd place of a larger
     * one, each spoilt after the call; ZERO and BAD as such; UNUSED left out. Neither finishes nor commits.
     */
    public static void write(Volume content, VolumeWriter to, Random random) throws IOException {
        long size = content.size();
        for (long at = 0; at < size;) {
            var run = content.extent(at);
            switch (run.kind()) {
                case DATA -> writeData(content, at, run.end(), to, random);
                case ZERO -> to.zero(at, run.length());
                case BAD -> to.bad(at, run.length());
                case UNUSED -> { }
            }
            at = run.end();
        }
    }

    private static void writeData(Volume content, long from, long end, VolumeWriter to, Random random) throws IOException {
        for (long at = from; at < end;) {
            int length = (int) Math.min(end - at, 1 + (random.nextInt(8) == 0 ? random.nextInt(9) : random.nextInt(LARGEST_PIECE)));
            int before = random.nextInt(5);
            var buffer = random.nextBoolean() ? ByteBuffer.allocate(before + length + 3) : ByteBuffer.allocateDirect(before + length + 3);
            buffer.position(before).limit(before + length);
            Volumes.readFully(content, at, buffer);
            to.write(at, buffer.position(before));
            if (buffer.hasRemaining()) {
                throw new AssertionError(to + ": write at " + at + " left " + buffer.remaining() + " bytes of the buffer");
            }
            spoil(buffer, before);
            at += length;
        }
    }

    private static void spoil(ByteBuffer buffer, int from) {
        for (int i = from; i < buffer.limit(); i++) {
            buffer.put(i, (byte) 0x5A);
        }
    }

    /** What an image of {@code content} has to give back: its DATA, and zeroes everywhere else. */
    public static byte[] expected(MemoryVolume content) {
        var bytes = content.bytes().clone();
        for (long at = 0; at < bytes.length;) {
            var run = content.extent(at);
            if (run.kind() != Kind.DATA) {
                Arrays.fill(bytes, (int) at, (int) run.end(), (byte) 0);
            }
            at = run.end();
        }
        return bytes;
    }

    /** Reads from the start to the end, which comes after {@code most} bytes at the latest, in ascending order. */
    public static byte[] readAll(Volume volume, int most) throws IOException {
        var all = new ByteArrayOutputStream();
        var buffer = ByteBuffer.allocate(64 * 1024);
        while (true) {
            int got = volume.read(all.size(), buffer.clear());
            if (got < 0) {
                return all.toByteArray();
            }
            if (got == 0 || got != buffer.position()) {
                throw new AssertionError(volume + ": read at " + all.size() + " said " + got + " and gave " + buffer.position() + " bytes");
            }
            all.write(buffer.array(), 0, got);
            if (all.size() > most) {
                throw new AssertionError(volume + ": gives more than " + most + " bytes");
            }
        }
    }
}
