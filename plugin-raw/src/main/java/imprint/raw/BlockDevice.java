package imprint.raw;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A disk, a partition or what is built of them, as sysfs describes it. Missing attributes are empty: drivers differ.
 *
 * @param number "8:1"
 * @param name   the kernel's, "sda1"
 * @param folder its real folder in sysfs
 */
record BlockDevice(String number, String name, Path folder) {

    /** The device with this number; empty where sysfs has none. */
    static Optional<BlockDevice> of(Path sys, String number) throws IOException {
        var link = sys.resolve("dev/block").resolve(number);
        return Files.exists(link) ? Optional.of(at(link)) : Optional.empty();
    }

    /** The device whose folder this is, or is a link to. */
    static BlockDevice at(Path link) throws IOException {
        var folder = link.toRealPath();
        return new BlockDevice(text(folder.resolve("dev")), folder.getFileName().toString(), folder);
    }

    /** All of them, by name as people count: sda2 before sda10. */
    static List<BlockDevice> all(Path sys) throws IOException {
        var all = list(sys.resolve("class/block"));
        all.sort(java.util.Comparator.comparing(device -> sortable(device.name())));
        return all;
    }

    private static String sortable(String name) {
        var digits = java.util.regex.Pattern.compile("[0-9]+").matcher(name);
        return digits.replaceAll(found -> "0".repeat(Math.max(0, 9 - found.group().length())) + found.group());
    }

    private static List<BlockDevice> list(Path links) throws IOException {
        var devices = new ArrayList<BlockDevice>();
        if (Files.isDirectory(links)) {
            try (var entries = Files.newDirectoryStream(links)) {
                for (var entry : entries) {
                    if (Files.exists(entry.resolve("dev"))) {
                        devices.add(at(entry));
                    }
                }
            }
        }
        return devices;
    }

    /** Where its node is, for people; sysfs writes a slash in a name as "!". */
    String node() {
        return "/dev/" + name.replace('!', '/');
    }

    boolean isPartition() {
        return Files.exists(folder.resolve("partition"));
    }

    /** The disk that a partition belongs to; anything else itself. */
    BlockDevice disk() throws IOException {
        return isPartition() ? at(folder.getParent()) : this;
    }

    List<BlockDevice> partitions() throws IOException {
        var partitions = list(folder);
        partitions.removeIf(device -> !device.isPartition());
        return partitions;
    }

    /** What it is built of: the disks of a RAID, the volumes of a mapping. */
    List<BlockDevice> slaves() throws IOException {
        return list(folder.resolve("slaves"));
    }

    /** What is built on it. */
    List<BlockDevice> holders() throws IOException {
        return list(folder.resolve("holders"));
    }

    /** Bytes. sysfs counts 512 each, whatever the sector. */
    long size() {
        return number(folder.resolve("size"), 0) * 512;
    }

    int sectorSize() throws IOException {
        long size = number(disk().folder.resolve("queue/logical_block_size"), 512);
        return size >= 512 && size <= 1 << 20 && Long.bitCount(size) == 1 ? (int) size : 512;
    }

    boolean isWriteProtected() throws IOException {
        return number(folder.resolve("ro"), 0) == 1 || number(disk().folder.resolve("ro"), 0) == 1;
    }

    /** The file or device behind a loop device. */
    Optional<Path> backing() {
        var file = text(folder.resolve("loop/backing_file"));
        return file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file));
    }

    /** Whether a loop device shows its backing file from the first byte to the last. */
    boolean showsAllOfBacking() {
        return number(folder.resolve("loop/offset"), 0) == 0 && number(folder.resolve("loop/sizelimit"), 0) == 0;
    }

    /** The name that a mapping was given, "vg-root"; empty for what is none. */
    String mapping() {
        return text(folder.resolve("dm/name"));
    }

    /** Model, serial, transport and backing file, as far as they are known. */
    Map<String, String> facts() throws IOException {
        var disk = disk().folder;
        var facts = new LinkedHashMap<String, String>();
        var model = (text(disk.resolve("device/vendor")).startsWith("0x") ? "" : text(disk.resolve("device/vendor")) + " ")
                + first(text(disk.resolve("device/model")), text(disk.resolve("device/name")));
        put(facts, "model", model.strip().replaceAll("\\s+", " "));
        put(facts, "serial", serial(disk));
        put(facts, "transport", transport(disk));
        put(facts, "mapping", mapping());
        put(facts, "backing", text(disk.resolve("loop/backing_file")));
        return facts;
    }

    private static void put(Map<String, String> facts, String name, String value) {
        if (!value.isEmpty()) {
            facts.put(name, value);
        }
    }

    private static String serial(Path disk) throws IOException {
        return first(text(disk.resolve("serial")), text(disk.resolve("device/serial")), unitSerial(disk.resolve("device/vpd_pg80")),
                serialOfUsb(disk), worldWideId(first(text(disk.resolve("wwid")), text(disk.resolve("device/wwid")))));
    }

    /** SCSI's unit serial number page: four bytes with its code and length, then text. */
    private static String unitSerial(Path page) throws IOException {
        if (!Files.isReadable(page)) {
            return "";
        }
        byte[] bytes = bytes(page);
        if (bytes.length < 4 || bytes[1] != (byte) 0x80) {
            return "";
        }
        int length = Math.min((bytes[2] & 255) << 8 | bytes[3] & 255, bytes.length - 4);
        return clean(new String(bytes, 4, length, StandardCharsets.ISO_8859_1));
    }

    /** "t10.ATA     MODEL     SERIAL" ends in the serial number; other ids name the unit by themselves. */
    private static String worldWideId(String id) {
        return id.startsWith("t10.") ? id.substring(id.lastIndexOf(' ') + 1) : id;
    }

    private static String serialOfUsb(Path disk) {
        for (Path up = disk; up != null; up = up.getParent()) {
            if (Files.exists(up.resolve("idVendor"))) {
                return text(up.resolve("serial"));
            }
        }
        return "";
    }

    private static String transport(Path disk) throws IOException {
        var name = disk.getFileName().toString();
        if (name.matches("(loop|nbd|zram|ram|md|dm-).*")) {
            return name.replaceAll("(-|[0-9]).*", "");
        }
        var device = disk.resolve("device");
        var way = (Files.exists(device) ? device.toRealPath() : disk).toString();
        for (var known : List.of("usb", "nvme", "virtio", "mmc", "ata", "session", "fw")) {
            if (way.matches(".*/" + known + "[0-9].*|.*/" + known + "/.*")) {
                return known.equals("session") ? "iscsi" : known.equals("fw") ? "firewire" : known;
            }
        }
        return way.matches(".*/host[0-9].*") ? "scsi" : "";
    }

    private static String first(String... values) {
        for (var value : values) {
            if (!value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    private static long number(Path attribute, long otherwise) {
        var text = text(attribute);
        return text.matches("[0-9]{1,15}") ? Long.parseLong(text) : otherwise;
    }

    /** An attribute, blanks cut off; empty where the driver has none or will not say. */
    static String text(Path attribute) {
        try {
            return Files.isReadable(attribute) && !Files.isDirectory(attribute)
                    ? clean(new String(bytes(attribute), StandardCharsets.UTF_8)) : "";
        } catch (IOException unsaid) {
            System.getLogger(BlockDevice.class.getName()).log(System.Logger.Level.DEBUG, "{0}: {1}", attribute, unsaid.getMessage());
            return "";
        }
    }

    private static byte[] bytes(Path attribute) throws IOException {
        try (var in = Files.newInputStream(attribute)) {
            return in.readNBytes(4096);
        }
    }

    /** What a device says of itself is shown on terminals: no control characters. */
    private static String clean(String text) {
        return text.replaceAll("\\p{Cntrl}", " ").strip();
    }
}
