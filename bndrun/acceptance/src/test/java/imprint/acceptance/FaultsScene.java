package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A command that is disturbed, in a folder of its own: what it reads, what stands at its target before, the system calls
 * that it makes when nothing disturbs it, and what has to be true of whatever it leaves.
 */
final class FaultsScene implements AutoCloseable {

    /** What is disturbed. */
    enum Kind {
        PLAIN("backup, plain"), PACKED("backup, zstd"), OVERWRITE("backup over another one"),
        RESTORE("restore to a file"), DEVICE("restore to a device");

        final String words;

        Kind(String words) {
            this.words = words;
        }

        boolean backup() {
            return this == PLAIN || this == PACKED || this == OVERWRITE;
        }
    }

    /** A moment of the command. */
    enum Phase {
        BEGINNING, WRITING, FLUSHING, VERIFYING, DIGESTING, SEALING, REMOVING_THE_OLD, RENAMING_THE_IMAGE, RENAMING_SIDECARS,
        RENAMING_THE_MANIFEST, ENDING;

        String words() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        }
    }

    /** A call and the phase that it belongs to. */
    record Moment(Phase phase, Strace.Call call) {}

    private static final String SUM = ".sha256";
    private static final String MANIFEST = ".imprint.json";
    private static final String PARTIAL = ".partial";

    /** System calls that change something, or wait for it: those whose failure must not pass for success. */
    private static final Set<String> WORK = Set.of("pread64", "pwrite64", "write", "fsync", "fdatasync", "ftruncate", "rename",
            "renameat", "renameat2", "unlink", "unlinkat", "copy_file_range");

    final Kind kind;
    private final Path home;
    private final Path source;
    private final String sourceHash;
    private final String contentHash;
    private final Path old;
    private final String oldHash;
    private final LoopDevice device;
    private int runs;
    private Path folder;
    private Path target;

    /**
     * @param home    an empty folder, which is taken over
     * @param content what is backed up, or the backup of it that is restored
     */
    FaultsScene(Kind kind, Path home, Path content) throws Exception {
        this.kind = kind;
        this.home = home;
        this.contentHash = Hash.of(content);
        if (kind.backup()) {
            source = content;
        } else {
            source = home.resolve("image.zst");
            succeed(List.of(Faults.imprint(), "backup", content.toString(), source.toString()));
        }
        sourceHash = Hash.of(source);
        var another = Faults.image(home.resolve("another"), 1, 8, 1, 2);
        old = Files.createDirectory(home.resolve("old")).resolve("x.img");
        oldHash = Hash.of(another);
        if (kind == Kind.OVERWRITE) {
            succeed(List.of(Faults.imprint(), "backup", another.toString(), old.toString()));
        }
        device = kind == Kind.DEVICE ? LoopDevice.ofSize(home.resolve("disk"), Files.size(content)) : null;
    }

    /** Puts in place what stands there before; every run has a new folder. */
    void begin() throws IOException {
        folder = Files.createDirectory(home.resolve("run" + runs++));
        target = switch (kind) {
            case DEVICE -> device.device();
            case PACKED -> folder.resolve("x.img.zst");
            default -> folder.resolve("x.img");
        };
        if (kind == Kind.OVERWRITE) {
            for (var ending : List.of("", SUM, MANIFEST)) {
                Files.createLink(beside(ending), old.resolveSibling("x.img" + ending));
            }
        }
    }

    void end() throws IOException {
        Faults.deleteFolder(folder);
    }

    List<String> command() {
        return command(kind == Kind.OVERWRITE);
    }

    /** One thread reads and digests, so that the same call is made at the same moment of every run. */
    private List<String> command(boolean overwrite) {
        var command = new ArrayList<>(List.of(Faults.imprint(), kind.backup() ? "backup" : "restore", source.toString(),
                target.toString(), "--threads", "1"));
        if (kind == Kind.DEVICE) {
            command.add("--yes");
        } else if (overwrite) {
            command.add("--overwrite");
        }
        return command;
    }

    /** The calls of a run that nobody disturbs, each once for every number that it can be hit by. */
    List<Moment> moments() throws Exception {
        begin();
        var paths = new ArrayList<>(List.of(source, target));
        if (kind != Kind.DEVICE) {
            paths.add(folder);
            for (var ending : List.of("", SUM, MANIFEST)) {
                paths.add(beside(ending));
                paths.add(beside(ending + PARTIAL));
            }
        }
        var run = Strace.watch(paths, command());
        assertEquals(0, run.outcome().status(), run.outcome().err());
        end();
        var first = Set.copyOf(run.first());
        var moments = new ArrayList<Moment>();
        var phase = Phase.BEGINNING;
        int reads = 0;
        int digestingFrom = digestingFrom(run.calls());
        for (var call : run.calls()) {
            reads += reads(call) ? 1 : 0;
            phase = phase(call, phase, reads > digestingFrom);
            if (first.contains(call)) {
                moments.add(new Moment(phase, call));
            }
        }
        return moments;
    }

    /** Read-back comes first and digests of the stored file follow, from its start; how many reads come before that. */
    private int digestingFrom(List<Strace.Call> calls) {
        int reads = 0;
        int before = Integer.MAX_VALUE;
        for (var call : calls) {
            if (reads(call)) {
                before = call.offset() == 0 && kind.backup() ? reads : before;
                reads++;
            }
        }
        return before;
    }

    private boolean reads(Strace.Call call) {
        return call.is("pread64") && call.path().equals(kind == Kind.DEVICE ? target : beside(PARTIAL));
    }

    private Phase phase(Strace.Call call, Phase before, boolean digesting) {
        if (call.is("rename", "renameat", "renameat2")) {
            return call.path().equals(beside(PARTIAL)) ? Phase.RENAMING_THE_IMAGE
                    : call.path().equals(beside(MANIFEST + PARTIAL)) ? Phase.RENAMING_THE_MANIFEST : Phase.RENAMING_SIDECARS;
        }
        if (call.is("unlink", "unlinkat")) {
            return Phase.REMOVING_THE_OLD;
        }
        boolean image = kind == Kind.DEVICE ? call.path().equals(target) : call.path().equals(beside(PARTIAL));
        if (image && before.compareTo(Phase.FLUSHING) <= 0) {
            if (call.is("pwrite64", "copy_file_range") || call.is("ioctl") && call.line().contains("BLKZEROOUT")) {
                return Phase.WRITING;
            }
            if (call.is("ftruncate", "fsync", "fdatasync")) {
                return Phase.FLUSHING;
            }
        }
        if (reads(call) && before.compareTo(Phase.FLUSHING) >= 0) {
            return digesting ? Phase.DIGESTING : Phase.VERIFYING;
        }
        if (!image && call.path().toString().endsWith(PARTIAL) && before.compareTo(Phase.SEALING) <= 0) {
            return Phase.SEALING;
        }
        return kind == Kind.DEVICE && before == Phase.VERIFYING && call.is("ioctl") ? Phase.ENDING : before;
    }

    /** A call that was seen in another run, as it is in this one. */
    Strace.Call now(Strace.Call call) {
        var path = call.path();
        if (path.startsWith(home) && home.relativize(path).getName(0).toString().startsWith("run")) {
            var inside = home.relativize(path);
            path = inside.getNameCount() == 1 ? folder : folder.resolve(inside.getName(1));
        }
        return new Strace.Call(call.thread(), call.name(), path, call.nth(), call.line());
    }

    static boolean isWork(Strace.Call call) {
        return WORK.contains(call.name());
    }

    // ---- what has to be true

    /** Nothing is half-made under a final name, what stands there agrees with itself, and the source is as it was. */
    void mustBeSound(String when) throws Exception {
        assertEquals(sourceHash, Hash.of(source), when + ": the source has changed");
        if (kind == Kind.DEVICE) {
            return;
        }
        boolean image = Files.exists(target);
        if (image) {
            var hash = content(target);
            assertTrue(hash.equals(contentHash) || kind == Kind.OVERWRITE && hash.equals(oldHash),
                    when + ": " + target.getFileName() + " is neither the old nor the new image");
        } else {
            assertFalse(kind == Kind.OVERWRITE, when + ": the old image is gone");
        }
        var allowed = new TreeSet<String>();
        for (var ending : kind.backup() ? List.of("", SUM, MANIFEST) : List.of("")) {
            allowed.add(target.getFileName() + ending);
            allowed.add(target.getFileName() + ending + PARTIAL);
        }
        var others = Faults.names(folder);
        others.removeAll(allowed);
        assertTrue(others.isEmpty(), when + ": there is something else: " + others);
        if (Files.exists(beside(SUM))) {
            assertTrue(image, when + ": there is a digest of nothing");
            checkSum(when);
        }
        if (Files.exists(beside(MANIFEST))) {
            var verify = Faults.run(List.of(Faults.imprint(), "verify", target.toString()));
            assertEquals(0, verify.status(), when + ": there is a manifest, and verify says " + verify.err());
        }
    }

    /** What was disturbed is done again, over whatever was left, and succeeds. */
    void mustSucceedNow(String when) throws Exception {
        var outcome = Faults.run(command(kind != Kind.DEVICE && Files.exists(target)));
        assertEquals(0, outcome.status(), when + ", and again: " + outcome.err());
        mustBeComplete(when + ", and again");
    }

    /** The new image stands there whole, with all that belongs to it. */
    void mustBeComplete(String when) throws Exception {
        assertEquals(contentHash, content(target), when);
        if (kind == Kind.DEVICE) {
            return;
        }
        var expected = new TreeSet<String>();
        for (var ending : kind.backup() ? List.of("", SUM, MANIFEST) : List.of("")) {
            expected.add(target.getFileName() + ending);
        }
        assertEquals(expected, Faults.names(folder), when);
        if (kind.backup()) {
            checkSum(when);
        }
    }

    private void checkSum(String when) throws Exception {
        var sum = Faults.run(List.of("sh", "-c", "cd \"$1\" && sha256sum -c \"$2\"", "sh", folder.toString(),
                target.getFileName() + SUM));
        assertEquals(0, sum.status(), when + ": the digest beside the image contradicts it: " + sum.err());
    }

    private String content(Path image) throws Exception {
        return kind == Kind.PACKED
                ? Tools.run("sh", "-c", "zstd -dc \"$1\" | sha256sum", "sh", image.toString()).substring(0, 64)
                : Hash.of(image);
    }

    /** Whether the final name is there. */
    boolean hasTarget() {
        return Files.exists(target);
    }

    /** Whether this is what stood there before. */
    boolean isReplaced(Path path) {
        return path.startsWith(target) || path.startsWith(folder) && !path.toString().endsWith(PARTIAL);
    }

    String targetName() {
        return target.getFileName().toString();
    }

    private Path beside(String ending) {
        return target.resolveSibling(target.getFileName() + ending);
    }

    private static void succeed(List<String> command) throws Exception {
        var outcome = Faults.run(command);
        assertEquals(0, outcome.status(), outcome.err());
    }

    @Override
    public void close() throws Exception {
        if (device != null) {
            device.close();
        }
    }
}
