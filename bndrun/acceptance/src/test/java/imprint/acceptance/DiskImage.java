package imprint.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Disks and file systems as people have them, made by the stock tools. */
final class DiskImage {
    static final long SIZE = 160L << 20;
    /** Where the partitions lie, in MiB. */
    private static final int FAT = 1, FAT_SIZE = 40, EXT = 42, EXT_SIZE = 80, SWAP = 130, SWAP_SIZE = 20;

    /** A disk with a GPT and three partitions: FAT32, ext4 and swap, with files in them; the rest is holes. */
    static Path disk(Path file) throws Exception {
        Tools.run("truncate", "--size", SIZE, file);
        Path table = Files.writeString(beside(file, "table"), """
                label: gpt
                start=%dMiB, size=%dMiB, type=uefi, name=boot
                start=%dMiB, size=%dMiB, type=linux, name=root
                start=%dMiB, size=%dMiB, type=swap
                """.formatted(FAT, FAT_SIZE, EXT, EXT_SIZE, SWAP, SWAP_SIZE));
        Tools.run("bash", "-c", "sfdisk --quiet \"$1\" < \"$2\"", "bash", file, table);
        Files.delete(table);

        Path fat = partition(file, FAT_SIZE);
        Tools.run("mkfs.fat", "-F", 32, "-n", "BOOT", fat);
        var copy = new ArrayList<Object>(List.of("mcopy", "-i", fat));
        Checkout.jars().stream().filter(jar -> jar.getFileName().toString().startsWith("org.")).forEach(copy::add);
        copy.add("::");
        Tools.run(copy.toArray());
        lay(fat, file, FAT);

        lay(ext4(partition(file, EXT_SIZE), EXT_SIZE, Checkout.BUNDLES), file, EXT);

        Path swap = partition(file, SWAP_SIZE);
        Tools.run("mkswap", swap);
        lay(swap, file, SWAP);
        return file;
    }

    /** An ext4 with the files of a folder; it writes nothing by itself once it is mounted. */
    static Path ext4(Path file, int mebibytes, Path content) throws Exception {
        Tools.run("truncate", "--size", mebibytes + "MiB", file);
        Tools.run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0,nodiscard", "-d", content, file);
        return file;
    }

    /** Bytes that no codec makes smaller. */
    static Path noise(Path file, long bytes) throws Exception {
        Tools.run("bash", "-c", "head --bytes \"$1\" /dev/urandom > \"$2\"", "bash", bytes, file);
        return file;
    }

    private static Path partition(Path disk, int mebibytes) throws Exception {
        Path file = beside(disk, "partition");
        Tools.run("truncate", "--size", mebibytes + "MiB", file);
        return file;
    }

    private static void lay(Path partition, Path disk, int mebibyte) throws Exception {
        Tools.run("dd", "if=" + partition, "of=" + disk, "bs=1M", "seek=" + mebibyte, "conv=notrunc,sparse", "status=none");
        Files.delete(partition);
    }

    private static Path beside(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + "." + ending);
    }

    private DiskImage() {}
}
