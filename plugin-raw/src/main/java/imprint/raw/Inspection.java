package imprint.raw;

import imprint.api.Place;
import imprint.api.Place.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What stands at a path, what it is a part of, and who uses it. Files are told by device and inode, devices by number, so
 * that names, links and loop devices do not matter. Nothing is opened but for reading.
 */
final class Inspection {

    private static final int TYPE = 0170000, REGULAR = 0100000, BLOCK = 0060000, FOLDER = 0040000;

    /** FAT keeps a file's size in 32 bits. */
    private static final long LARGEST_ON_FAT = (1L << 32) - 1;

    /** Overlays on overlays, loops on loops: deeper than this nobody builds. */
    private static final int DEEPEST = 16;

    private final Path sys;
    private final Path proc;

    /**
     * @param sys  where sysfs is mounted
     * @param proc where procfs is mounted
     */
    Inspection(Path sys, Path proc) {
        this.sys = sys;
        this.proc = proc;
    }

    /** What bytes are, and what they are a part of. */
    private record Identity(Set<String> self, Set<String> within) {

        Identity() {
            this(new LinkedHashSet<>(), new LinkedHashSet<>());
        }

        void partOf(Identity whole) {
            within.addAll(whole.self());
            within.addAll(whole.within());
        }

        void sameAs(Identity other) {
            self.addAll(other.self());
            within.addAll(other.within());
        }
    }

    /** What kind of thing stands at a path, links followed. */
    static Kind kind(Path path) throws IOException {
        if (!Files.exists(path)) {
            return Kind.ABSENT;
        }
        return switch ((int) Files.getAttribute(path, "unix:mode") & TYPE) {
            case REGULAR -> Kind.FILE;
            case BLOCK -> Kind.DEVICE;
            case FOLDER -> Kind.FOLDER;
            default -> Kind.STREAM;
        };
    }

    /** @param name for people */
    Place inspect(URI uri, Path path, String name) throws IOException {
        return switch (kind(path)) {
            case ABSENT -> absent(uri, path, name);
            case FILE -> file(uri, path, name);
            case DEVICE -> device(uri, path, name);
            case FOLDER -> folder(uri, path, name);
            case STREAM -> stream(uri, name, -1, new Identity());
        };
    }

    /** A standard stream, which may lead to a file or a device all the same. */
    Place inspectStream(URI uri, Path descriptor, String name) throws IOException {
        return switch (kind(descriptor)) {
            case FILE -> stream(uri, name, Files.size(descriptor), identity(descriptor, 0, new HashSet<>()));
            case DEVICE -> stream(uri, name, -1, identity(descriptor, 0, new HashSet<>()));
            default -> stream(uri, name, -1, new Identity());
        };
    }

    private static Place stream(URI uri, String name, long size, Identity identity) {
        return new Place(uri, name, Kind.STREAM, size, 1, Long.MAX_VALUE, Long.MAX_VALUE, Map.of(), List.of(),
                identity.self(), identity.within());
    }

    private Place absent(URI uri, Path path, String name) throws IOException {
        var folder = path.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return new Place(uri, name, Kind.ABSENT, -1, 1, 0, Long.MAX_VALUE, Map.of(), List.of(), Set.of(), Set.of());
        }
        return new Place(uri, name, Kind.ABSENT, -1, 1, room(folder), largestFile(folder), Map.of(), List.of(), Set.of(),
                identity(folder, 0, new HashSet<>()).within());
    }

    private Place folder(URI uri, Path path, String name) throws IOException {
        var identity = identity(path, 0, new HashSet<>());
        return new Place(uri, name, Kind.FOLDER, -1, 1, room(path), largestFile(path), Map.of(), List.of(), identity.self(),
                identity.within());
    }

    private Place file(URI uri, Path path, String name) throws IOException {
        var identity = identity(path, 0, new HashSet<>());
        var facts = new LinkedHashMap<String, String>();
        if (Files.isReadable(path)) {
            try (var volume = FileVolume.openUnlocked(path, name)) {
                facts.put("holds", holds(volume, 512));
            }
        }
        var uses = new ArrayList<String>();
        var key = key(path);
        addSwap(uses, key, "");
        addLoops(uses, key);
        return new Place(uri, name, Kind.FILE, Files.size(path), 1, room(path), largestFile(path), facts, uses, identity.self(),
                identity.within());
    }

    private Place device(URI uri, Path path, String name) throws IOException {
        var known = BlockDevice.of(sys, numberOf(path));
        var identity = identity(path, 0, new HashSet<>());
        var facts = new LinkedHashMap<String, String>();
        long size = 0;
        int sector = 512;
        var uses = new ArrayList<String>();
        if (known.isPresent()) {
            var device = known.get();
            facts.putAll(device.facts());
            size = device.size();
            sector = device.sectorSize();
            uses.addAll(uses(device));
        }
        if (Files.isReadable(path) && (size > 0 || known.isEmpty())) {
            try (var volume = DeviceVolume.open(path, sector)) {
                size = volume.size();
                facts.put("holds", holds(volume, sector));
            } catch (FileSystemException closed) {
                facts.put("holds", "cannot be opened (" + closed.getReason() + ")");
            }
        }
        return new Place(uri, name, Kind.DEVICE, size, sector, size, Long.MAX_VALUE, facts, uses, identity.self(), identity.within());
    }

    private static String holds(imprint.api.Volume volume, int sector) {
        try {
            return Signatures.of(volume, sector);
        } catch (IOException unreadable) {
            return "cannot be read (" + unreadable.getMessage() + ")";
        }
    }

    /** What is attached: every disk and partition that has bytes and a node. */
    List<Place> places() throws IOException {
        var places = new ArrayList<Place>();
        for (var device : BlockDevice.all(sys)) {
            var node = Path.of(device.node());
            if (!device.name().matches("ram[0-9]+") && device.size() > 0 && kind(node) == Kind.DEVICE) {
                places.add(inspect(node.toUri(), node, device.node()));
            }
        }
        return places;
    }

    /** Logical sector of a device, a power of two. */
    int sectorSize(Path path) throws IOException {
        var device = BlockDevice.of(sys, numberOf(path));
        return device.isPresent() ? device.get().sectorSize() : 512;
    }

    /** Whether it can have a partition table of its own that the system reads. */
    boolean isWholeDisk(Path path) throws IOException {
        var device = BlockDevice.of(sys, numberOf(path));
        return device.isPresent() && !device.get().isPartition();
    }

    boolean isWriteProtected(Path path) throws IOException {
        var device = BlockDevice.of(sys, numberOf(path));
        return device.isPresent() && device.get().isWriteProtected();
    }

    /** Why a device may not be overwritten now. */
    List<String> uses(Path path) throws IOException {
        var device = BlockDevice.of(sys, numberOf(path));
        return device.isPresent() ? uses(device.get()) : List.of();
    }

    // ---- who uses it

    private List<String> uses(BlockDevice device) throws IOException {
        var uses = new ArrayList<String>();
        addUses(uses, device, "");
        for (var partition : device.partitions()) {
            addUses(uses, partition, " (partition " + partition.name() + ")");
        }
        if (device.isPartition()) {
            addUses(uses, device.disk(), " (the whole disk " + device.disk().name() + ")");
        }
        if (device.isWriteProtected()) {
            uses.add("write-protected");
        }
        return uses;
    }

    /** @param who what is used, where it is not the place itself */
    private void addUses(List<String> uses, BlockDevice device, String who) throws IOException {
        for (var point : mountPoints(device)) {
            uses.add("mounted at " + point + who);
        }
        addSwap(uses, "block:" + device.number(), who);
        for (var holder : device.holders()) {
            uses.add("held by " + holder.node() + (holder.mapping().isEmpty() ? "" : " (" + holder.mapping() + ")") + who);
        }
        if (who.isEmpty()) {
            addLoops(uses, "block:" + device.number());
        }
    }

    private Set<Path> mountPoints(BlockDevice device) throws IOException {
        var points = new LinkedHashSet<Path>();
        for (var mount : Mounts.read(proc).mounts()) {
            if (devicesOf(mount).contains(device.number())) {
                points.add(mount.point());
            }
        }
        return points;
    }

    /** The numbers of the devices that a file system lies on. */
    private Set<String> devicesOf(Mounts.Mount mount) throws IOException {
        if (mount.hasDevice()) {
            return Set.of(mount.number());
        }
        var numbers = new LinkedHashSet<String>();
        var source = Path.of(mount.source());
        if (source.isAbsolute() && kind(source) == Kind.DEVICE) {
            numbers.add(numberOf(source));
            if (mount.type().equals("btrfs")) {
                numbers.addAll(btrfsSiblings(numbers));
            }
        }
        return numbers;
    }

    /** All devices of the btrfs that one of these belongs to: only one of them is a mount's source. */
    private Set<String> btrfsSiblings(Set<String> some) throws IOException {
        var all = new LinkedHashSet<String>();
        var known = sys.resolve("fs/btrfs");
        if (Files.isDirectory(known)) {
            try (var systems = Files.newDirectoryStream(known)) {
                for (var system : systems) {
                    var members = new LinkedHashSet<String>();
                    if (Files.isDirectory(system.resolve("devices"))) {
                        try (var links = Files.newDirectoryStream(system.resolve("devices"))) {
                            for (var link : links) {
                                members.add(BlockDevice.at(link).number());
                            }
                        }
                    }
                    if (members.stream().anyMatch(some::contains)) {
                        all.addAll(members);
                    }
                }
            }
        }
        return all;
    }

    private void addSwap(List<String> uses, String key, String who) throws IOException {
        for (var swap : Mounts.read(proc).swaps()) {
            if (Files.exists(swap) && key(swap).equals(key)) {
                uses.add("used as swap" + who);
            }
        }
    }

    /** Loop devices that show these bytes. */
    private void addLoops(List<String> uses, String key) throws IOException {
        for (var loop : BlockDevice.all(sys)) {
            var backing = loop.backing();
            if (backing.isEmpty() || !Files.exists(backing.get()) || !key(backing.get()).equals(key)) {
                continue;
            }
            uses.add("attached as " + loop.node());
            var shown = new ArrayList<>(loop.partitions());
            shown.addFirst(loop);
            for (var part : shown) {
                for (var point : mountPoints(part)) {
                    uses.add("mounted at " + point + " through " + part.node());
                }
            }
        }
    }

    // ---- what it is

    private static String key(Path path) throws IOException {
        if (kind(path) == Kind.DEVICE) {
            return "block:" + numberOf(path);
        }
        return "file:" + Files.getAttribute(path, "unix:dev") + ":" + Files.getAttribute(path, "unix:ino");
    }

    private static String numberOf(Path device) throws IOException {
        return number((long) Files.getAttribute(device, "unix:rdev"));
    }

    /** "8:1", as the C library packs it. */
    static String number(long packed) {
        long major = packed >> 8 & 0xfff | packed >> 32 & ~0xfffL;
        long minor = packed & 0xff | packed >> 12 & ~0xffL;
        return major + ":" + (minor & 0xffffffffL);
    }

    private Identity identity(Path path, int depth, Set<String> seen) throws IOException {
        if (kind(path) == Kind.DEVICE) {
            return identityOfDevice(numberOf(path), depth, seen);
        }
        var identity = new Identity();
        identity.self().add(key(path));
        if (depth < DEEPEST) {
            addFileSystem(identity, path, depth, seen);
        }
        return identity;
    }

    private Identity identityOfDevice(String number, int depth, Set<String> seen) throws IOException {
        var identity = new Identity();
        identity.self().add("block:" + number);
        var known = BlockDevice.of(sys, number);
        if (known.isEmpty() || depth >= DEEPEST || !seen.add(number)) {
            return identity;
        }
        var device = known.get();
        if (device.isPartition()) {
            identity.partOf(identityOfDevice(device.disk().number(), depth + 1, seen));
        }
        for (var slave : device.slaves()) {
            identity.partOf(identityOfDevice(slave.number(), depth + 1, seen));
        }
        var backing = device.backing();
        if (backing.isPresent() && Files.exists(backing.get())) {
            var file = identity(backing.get(), depth + 1, seen);
            if (device.showsAllOfBacking()) {
                identity.sameAs(file);
            } else {
                identity.partOf(file);
            }
        }
        return identity;
    }

    /** What the file system of a path lies on. */
    private void addFileSystem(Identity identity, Path path, int depth, Set<String> seen) throws IOException {
        var number = number((long) Files.getAttribute(path, "unix:dev"));
        if (!number.startsWith("0:")) {
            identity.partOf(identityOfDevice(number, depth + 1, seen));
            return;
        }
        var mounts = Mounts.read(proc);
        var mount = mounts.ofNumber(number).or(() -> mounts.of(path.toAbsolutePath().normalize()));
        if (mount.isEmpty()) {
            return;
        }
        for (var device : devicesOf(mount.get())) {
            identity.partOf(identityOfDevice(device, depth + 1, seen));
        }
        var source = Path.of(mount.get().source());
        if (source.isAbsolute() && kind(source) == Kind.FILE) {       // a file system in user space, over an image file
            identity.partOf(identity(source, depth + 1, seen));
        }
        for (var option : mount.get().options()) {
            if (mount.get().type().equals("overlay") && option.matches("(upper|lower)dir=/.*")) {
                for (var layer : Mounts.plain(option.substring(option.indexOf('=') + 1)).split(":")) {
                    if (Files.isDirectory(Path.of(layer)) && seen.add(layer)) {
                        addFileSystem(identity, Path.of(layer), depth + 1, seen);
                    }
                }
            }
        }
    }

    private static long room(Path path) throws IOException {
        return Files.getFileStore(path).getUsableSpace();
    }

    /** Bytes that one file may have on the file system of {@code path}. */
    long largestFile(Path path) throws IOException {
        var number = number((long) Files.getAttribute(path, "unix:dev"));
        var type = Mounts.read(proc).ofNumber(number).map(Mounts.Mount::type).orElse("");
        return type.equals("vfat") || type.equals("msdos") ? LARGEST_ON_FAT : Long.MAX_VALUE;
    }
}
