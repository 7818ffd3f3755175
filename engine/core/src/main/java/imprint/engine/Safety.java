package imprint.engine;

import imprint.api.NoSpaceException;
import imprint.api.Place;
import imprint.api.Place.Kind;
import imprint.api.Plan;
import imprint.api.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;

/** What has to be so before the first byte is written. Each check is a sentence of its own; nothing here writes. */
final class Safety {

    private static final String NOTHING = "; nothing was written";

    private Safety() {}

    /** Checks that need no more than what stands at both places. */
    static void check(Plan plan, Place source, Place target) throws IOException {
        exists(source);
        folder(target);
        overlap(plan, source, target);
        inUse(target);
        overwrite(plan, target);
    }

    static void exists(Place source) throws IOException {
        if (source.kind() == Kind.ABSENT) {
            throw new NoSuchFileException(source.name(), null, "there is no such file or device");
        }
        if (source.kind() == Kind.FOLDER) {
            throw new IllegalArgumentException(source.name() + " is a folder; name a file or a device");
        }
    }

    private static void folder(Place target) {
        if (target.kind() == Kind.FOLDER) {
            throw new IllegalArgumentException(target.name() + " is a folder; name the file to be made in it");
        }
        if (target.kind() == Kind.ABSENT && EngineJob.isFile(target.uri())) {
            var parent = EngineJob.path(target.uri()).toAbsolutePath().getParent();
            if (parent != null && !Files.isDirectory(parent)) {
                throw new IllegalArgumentException(target.name() + ": the folder " + parent + " is not there; make it first");
            }
        }
    }

    private static void overlap(Plan plan, Place source, Place target) throws RefusedException {
        if (target.same(source)) {
            throw new RefusedException("", target.name() + " is the source itself (" + source.name()
                    + "): writing there would destroy what is read" + NOTHING);
        }
        if (source.inside(target)) {
            throw new RefusedException("", target.name() + " holds the source, " + source.name()
                    + ": writing there would destroy what is read" + NOTHING);
        }
        if (target.inside(source)) {
            boolean device = target.kind() == Kind.DEVICE;
            if (device || !plan.rules().allow().contains(Plan.Rules.SAME_DISK)) {
                throw new RefusedException(device ? "" : Plan.Rules.SAME_DISK, target.name() + " lies on the source, " + source.name()
                        + ": writing there would change what is read" + (device ? "" : "; name another disk, or give --allow "
                        + Plan.Rules.SAME_DISK) + NOTHING);
            }
        }
    }

    private static void inUse(Place target) throws RefusedException {
        if (!target.uses().isEmpty()) {
            throw new RefusedException("", target.name() + " is in use (" + String.join(", ", target.uses())
                    + "): free it first" + NOTHING);
        }
    }

    private static void overwrite(Plan plan, Place target) throws RefusedException {
        var rules = plan.rules();
        if (target.kind() == Kind.FILE && !rules.overwrite()) {
            throw new RefusedException("", target.name() + " exists (" + target.size()
                    + " bytes): name another file, or give --overwrite to replace it" + NOTHING);
        }
        if (target.kind() != Kind.DEVICE) {
            if (rules.expectSerial().isPresent()) {
                throw new RefusedException("", target.name() + " is no device, and the serial number "
                        + rules.expectSerial().get() + " was expected" + NOTHING);
            }
            return;
        }
        if (rules.expectSerial().isPresent() && !rules.expectSerial().get().equals(target.serial())) {
            throw new RefusedException("", target.name() + (target.serial().isEmpty() ? " has no serial number"
                    : " has the serial number " + target.serial()) + ", and " + rules.expectSerial().get()
                    + " was expected: it is another device than the one that was meant" + NOTHING);
        }
        if (!rules.confirmed()) {
            throw new RefusedException("", "everything on " + target.name()
                    + " would be replaced, and nobody has confirmed that: give --yes" + NOTHING);
        }
    }

    /**
     * Whether the content fits.
     *
     * @param size   bytes of content; -1 where not known
     * @param stored bytes that a file will take up; -1 where not known (compressed)
     * @param plain  the content is laid down as it is
     */
    static void room(Place target, long size, long stored, boolean plain) throws IOException {
        if (target.kind() == Kind.DEVICE && plain && size > target.size()) {
            throw new RefusedException("", target.name() + " has " + target.size() + " bytes, and the content has " + size
                    + ": take a device of at least " + size + " bytes" + NOTHING);
        }
        if (target.kind() == Kind.DEVICE || target.kind() == Kind.STREAM) {
            return;
        }
        if (plain && size > target.largestFile()) {
            throw new NoSpaceException(target.name() + ": the file system there holds files of at most "
                    + target.largestFile() + " bytes, and the content has " + size + ": take another file system" + NOTHING,
                    null);
        }
        if (stored > target.room()) {
            throw new NoSpaceException(target.name() + ": " + target.room() + " bytes are free there, and up to " + stored
                    + " are needed" + NOTHING, null);
        }
    }
}
