package imprint.shell;

import imprint.api.Imprint;

/** Every option there is, with the words that {@code --help} has for it. A verb lists the ones it takes. */
enum Option {
    FORMAT("--format", "FORMAT", "Image format to write: raw, or one that \"imprint formats\" lists."),
    COMPRESS("--compress", "CODEC[:LEVEL]", "Codec to write with, such as zstd:9; none leaves it out."),
    DIGEST("--digest", "NAME[,NAME]", "Digests to take, such as sha256,md5; none takes none."),
    ALL_BLOCKS("--all-blocks", null, "Copy blocks that belong to no file too."),
    PARTITION("--partition", "N", "Only this partition, as its table counts."),
    AGAINST("--against", "PLACE", "Compare the image's content with what stands there."),
    YES("--yes", null, "Overwrite a device without asking."),
    EXPECT_SERIAL("--expect-serial", "SERIAL", "Refuse a target device with another serial number, or with none."),
    OVERWRITE("--overwrite", null, "Replace an existing file."),
    ALLOW("--allow", "NAME[,NAME]", "Waive these checks and no others: " + String.join(", ", Waivers.NAMES) + "."),
    NO_VERIFY("--no-verify", null, "Do not read back and compare what was written."),
    DRY_RUN("--dry-run", null, "Check everything, show the plan, write nothing."),
    NOTE("--note", "TEXT", "Kept in the manifest."),
    THREADS("--threads", "N", "Cores to use; all of them by default."),
    MEMORY("--memory", "SIZE", "Memory for buffers and windows; " + (Imprint.Terms.quiet().memory() >> 20) + "MiB by default."),
    JSON("--json", null, "One JSON object per line; the last one is the summary."),
    QUIET("--quiet", null, "No progress, no remarks."),
    VERBOSE("-v", null, "More words, and the stack trace of an error."),
    PROGRESS("--progress", "HOW", "auto, tty, lines, json or none."),
    LOG("--log", "FILE", "Append command, versions, devices, times, verdict and stack traces to FILE."),
    HELP("--help", null, "Show this."),

    /* In the design, not yet in the product: refused in words. */
    CHECKSUM("--checksum", "NAME"), PAR2("--par2", "PERCENT"), SPLIT("--split", "SIZE"), RESUME("--resume", null),
    NEW_IDS("--new-ids", null);

    final String flag;
    final String label;
    final String words;

    Option(String flag, String label) {
        this(flag, label, "");
    }

    /** @param label of its value; null for a switch */
    Option(String flag, String label, String words) {
        this.flag = flag;
        this.label = label;
        this.words = words;
    }

    boolean isSwitch() {
        return label == null;
    }

    boolean isPlanned() {
        return words.isEmpty();
    }
}
