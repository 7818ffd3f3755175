package imprint.raw;

import imprint.api.Volume;
import imprint.api.Volumes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What lies on a disk, by the marks at fixed places: a word for people, so that they do not overwrite the wrong disk.
 * What is there exactly is the surveyors' to say.
 */
final class Signatures {

    private record Mark(String what, int offset, byte[] bytes) {}

    /** All that is looked at; the farthest mark is that of btrfs. */
    private static final int HEAD = 68 * 1024;

    private static final List<Mark> MARKS = List.of(
            text("LUKS encryption", 0, "LUKS\u00ba\u00be"),
            text("BitLocker encryption", 3, "-FVE-FS-"),
            text("LVM physical volume", 512 + 24, "LVM2 001"),
            hex("md RAID member", 4096, "fc4e2ba9"),
            hex("md RAID member", 0, "fc4e2ba9"),
            text("NTFS", 3, "NTFS    "),
            text("exFAT", 3, "EXFAT   "),
            text("FAT", 82, "FAT32   "),
            text("FAT", 54, "FAT16   "),
            text("FAT", 54, "FAT12   "),
            text("XFS", 0, "XFSB"),
            hex("ext file system", 1024 + 56, "53ef"),
            text("btrfs", 65536 + 64, "_BHRfS_M"),
            text("swap", 4096 - 10, "SWAPSPACE2"),
            hex("F2FS", 1024, "1020f5f2"),
            hex("HFS+", 1024, "482b0004"),
            hex("HFS+", 1024, "48580005"),
            text("APFS container", 32, "NXSB"),
            text("squashfs", 0, "hsqs"),
            text("ReiserFS", 65536 + 52, "ReIsEr"),
            text("bcache device", 4096 + 24, "\u00c6\u0085\u0073\u00f6\u004e\u001a\u0045\u00ca"),
            text("ISO 9660", 32768 + 1, "CD001"));

    private Signatures() {}

    private static Mark text(String what, int offset, String mark) {
        return new Mark(what, offset, mark.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Mark hex(String what, int offset, String mark) {
        return new Mark(what, offset, HexFormat.of().parseHex(mark));
    }

    /** Reads at most {@link #HEAD} bytes. */
    static String of(Volume volume, int sectorSize) throws IOException {
        var head = Volumes.head(volume, HEAD);
        var found = new ArrayList<String>();
        for (var mark : MARKS) {
            if (stands(head, mark) && !found.contains(mark.what())) {
                found.add(mark.what());
            }
        }
        table(head, sectorSize, found.isEmpty()).ifPresent(table -> found.add(0, table));
        return found.isEmpty() ? "nothing known" : String.join(", ", found);
    }

    private static boolean stands(ByteBuffer head, Mark mark) {
        return head.limit() >= mark.offset() + mark.bytes().length
                && head.slice(mark.offset(), mark.bytes().length).equals(ByteBuffer.wrap(mark.bytes()));
    }

    /** A partition table; boot sectors of file systems end like an MBR, so that one counts only where no other mark is. */
    private static Optional<String> table(ByteBuffer head, int sectorSize, boolean alone) {
        for (int sector : new int[] {sectorSize, 512, 4096}) {
            if (stands(head, text("GPT", sector, "EFI PART"))) {
                return Optional.of("GPT partition table");
            }
        }
        if (!alone || head.limit() < 512 || head.get(510) != 0x55 || head.get(511) != (byte) 0xaa) {
            return Optional.empty();
        }
        int partitions = 0;
        for (int entry = 446; entry < 510; entry += 16) {
            if ((head.get(entry) & 0x7f) != 0) {
                return Optional.of("boot sector");
            }
            partitions += head.get(entry + 4) != 0 ? 1 : 0;
        }
        return Optional.of(partitions == 0 ? "boot sector"
                : "MBR partition table, " + partitions + (partitions == 1 ? " entry" : " entries"));
    }
}
