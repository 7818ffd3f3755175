package imprint.raw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import imprint.api.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On made-up trees: what this machine does not have. Device nodes are the machine's own, their numbers are not. */
class InspectionTest {

    @TempDir
    Path root;

    private Path sys;
    private Path proc;
    private Inspection inspection;

    @BeforeEach
    void makeRoots() throws IOException {
        sys = Files.createDirectories(root.resolve("sys"));
        proc = Files.createDirectories(root.resolve("proc/self")).getParent();
        inspection = new Inspection(sys, proc);
        mountinfo();
        Files.writeString(proc.resolve("swaps"), "Filename Type Size Used Priority\n");
    }

    private void mountinfo(String... lines) throws IOException {
        Files.writeString(proc.resolve("self/mountinfo"), String.join("\n", lines) + "\n");
    }

    /** A device in sysfs. @param way of its folder below sys/devices */
    private Path device(String way, String number, Map<String, String> attributes) throws IOException {
        var folder = Files.createDirectories(sys.resolve("devices").resolve(way));
        Files.writeString(folder.resolve("dev"), number + "\n");
        for (var attribute : attributes.entrySet()) {
            var file = folder.resolve(attribute.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, attribute.getValue() + "\n");
        }
        link("dev/block/" + number, folder);
        link("class/block/" + folder.getFileName(), folder);
        return folder;
    }

    private void link(String from, Path to) throws IOException {
        var link = sys.resolve(from);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, to);
    }

    /** The number of the device that the temporary folder lies on. */
    private String own() throws IOException {
        return Inspection.number((long) Files.getAttribute(root, "unix:dev"));
    }

    private Place inspect(Path path) throws IOException {
        return inspection.inspect(path.toUri(), path, path.toString());
    }

    @Test
    void followsAFileOutwardsToEveryDiskBelowIt() throws IOException {
        var mapped = device("virtual/block/dm-0", own(), Map.of("dm/name", "vg-root"));
        var raid = device("virtual/block/md0", "9:0", Map.of());
        var disk = device("pci0000:00/ata1/host0/block/sda", "8:0", Map.of());
        var partition = device("pci0000:00/ata1/host0/block/sda/sda1", "8:1", Map.of("partition", "1"));
        device("pci0000:00/ata2/host1/block/sdb", "8:16", Map.of());
        Files.createDirectories(mapped.resolve("slaves"));
        Files.createSymbolicLink(mapped.resolve("slaves/md0"), raid);
        Files.createDirectories(raid.resolve("slaves"));
        Files.createSymbolicLink(raid.resolve("slaves/sda1"), partition);

        var place = inspect(Files.writeString(root.resolve("a.img"), "x"));

        assertTrue(place.within().containsAll(List.of("block:" + own(), "block:9:0", "block:8:1", "block:8:0")),
                place.within().toString());
        assertFalse(place.within().contains("block:8:16"));
        assertTrue(Files.isDirectory(disk));
    }

    @Test
    void knowsThatFatHoldsNoFileOfFourGibibytes() throws IOException {
        mountinfo("30 1 " + own() + " / " + root + " rw - vfat /dev/sda1 rw");

        assertEquals(4294967295L, inspect(root.resolve("new.img")).largestFile());

        mountinfo("30 1 " + own() + " / " + root + " rw - ext4 /dev/sda1 rw");
        assertEquals(Long.MAX_VALUE, inspect(root.resolve("new.img")).largestFile());
    }

    @Test
    void aSwapFileIsInUse() throws IOException {
        var file = Files.writeString(root.resolve("swap file"), "x");
        Files.writeString(proc.resolve("swaps"), "Filename Type Size Used Priority\n" + root + "/swap\\040file file 1 0 -2\n");

        assertEquals(List.of("used as swap"), inspect(file).uses());
    }

    @Test
    void readsModelSerialAndTransportWhereTheDriverPutsThem() throws IOException {
        device("pci0/ata1/host0/target0/block/sda", "8:0", Map.of("device/vendor", "ATA     ", "device/model", "ACME SSD  480   ",
                "device/vpd_pg80", "\0\u0080_", "size", "2048", "queue/logical_block_size", "4096"));
        Files.write(sys.resolve("devices/pci0/ata1/host0/target0/block/sda/device/vpd_pg80"),
                new byte[] {0, (byte) 0x80, 0, 6, ' ', 'A', 'C', '-', '7', ' '});
        device("pci0/nvme/nvme0/nvme0n1", "259:0", Map.of("device/model", "Fast One", "device/serial", "N\u001b[31m1", "wwid", "eui.0025"));
        device("pci0/virtio2/block/vda", "254:0", Map.of("serial", "disk-7"));
        device("pci0/usb1/1-1/host3/target3/block/sdb", "8:16", Map.of("device/vendor", "Kingston", "device/model", "DataTraveler"));
        Files.writeString(sys.resolve("devices/pci0/usb1/1-1/idVendor"), "0951\n");
        Files.writeString(sys.resolve("devices/pci0/usb1/1-1/serial"), "60A44C\n");
        device("pci0/ata9/host9/target9/block/sdc", "8:32", Map.of("device/wwid", "t10.ATA     ACME DISK     S3Z2NB0K"));

        assertEquals(Map.of("model", "ATA ACME SSD 480", "serial", "AC-7", "transport", "ata"), facts("8:0"));
        assertEquals(4096, BlockDevice.of(sys, "8:0").orElseThrow().sectorSize());
        assertEquals(1048576, BlockDevice.of(sys, "8:0").orElseThrow().size());
        assertEquals(Map.of("model", "Fast One", "serial", "N [31m1", "transport", "nvme"), facts("259:0"));
        assertEquals(Map.of("serial", "disk-7", "transport", "virtio"), facts("254:0"));
        assertEquals(Map.of("model", "Kingston DataTraveler", "serial", "60A44C", "transport", "usb"), facts("8:16"));
        assertEquals("S3Z2NB0K", facts("8:32").get("serial"));
    }

    private Map<String, String> facts(String number) throws IOException {
        return BlockDevice.of(sys, number).orElseThrow().facts();
    }

    @Test
    void anEmptyTreeIsNoReasonToFail() throws IOException {
        var file = Files.writeString(root.resolve("a.img"), "x");

        assertEquals(List.of(), inspection.places());
        assertEquals(List.of(), inspect(file).uses());
        assertEquals(java.util.Set.of("block:" + own()), inspect(file).within());
        Files.delete(proc.resolve("swaps"));
        Files.delete(proc.resolve("self/mountinfo"));
        assertEquals(List.of(), inspect(file).uses());
    }

    @Test
    void unpacksDeviceNumbersAsTheCLibraryPacksThem() {
        assertEquals("8:1", Inspection.number(0x801));
        assertEquals("259:65536", Inspection.number(259L << 8 | 65536L << 12));
        assertEquals("0:52", Inspection.number(52));
    }

    @Test
    void readsEscapedNames() {
        assertEquals("/a b\\c\td", Mounts.plain("/a\\040b\\134c\\011d"));
        assertEquals("/a\\9", Mounts.plain("/a\\9"));
    }

    @Test
    void knowsWhatLiesOnADiskByItsMarks() throws Exception {
        var disk = Commands.sparse(root.resolve("disk.img"), 64L << 20);
        assertEquals("nothing known", inspect(disk).facts().get("holds"));
        Commands.run("mkfs.vfat", "-F", "32", disk.toString());
        assertEquals("FAT", inspect(disk).facts().get("holds"));
        Commands.run("mkntfs", "-q", "-F", "-f", disk.toString());
        assertEquals("NTFS", inspect(disk).facts().get("holds"));
        Commands.run("sh", "-c", "echo ',,L' | sfdisk --quiet --label gpt --wipe always " + disk);
        assertTrue(inspect(disk).facts().get("holds").startsWith("GPT partition table"), inspect(disk).facts().toString());
    }
}
