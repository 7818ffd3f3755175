package imprint.shell;

import imprint.api.BusyException;
import imprint.api.CancelledException;
import imprint.api.NoSpaceException;
import imprint.api.RefusedException;
import imprint.api.Verdict;
import imprint.api.VolumeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why a verb did not do what it was asked: the one place where exceptions become verdict, exit status and sentence.
 *
 * @param sentence where, what was found, what was expected, what is intact, what to do
 */
record Failure(Verdict verdict, int status, String sentence, Throwable cause) {

    /** What a verb was doing: decides whether damage is the image's, and what can be said about the target. */
    enum Doing { LOOKING, READING_IMAGE, READING_DISK }

    /** @param intact what is known of the target now, such as "no file bears the name b.img"; may be empty */
    static Failure of(Throwable thrown, Doing doing, String intact) {
        return switch (thrown) {
            case RefusedException e -> simple(Verdict.REFUSED, waived(e), e);
            case BusyException e -> simple(Verdict.BUSY, e.getMessage(), e);
            case NoSpaceException e -> simple(Verdict.NO_SPACE, after(e.getMessage(), intact), e);
            case CancelledException e -> interrupted(intact, e);
            case InterruptedException e -> interrupted(intact, e);
            case VolumeException.Corrupt e when doing != Doing.READING_DISK ->
                simple(Verdict.DAMAGED, after(e.getMessage(), intact, "copy the image again from where it came, or use another one"), e);
            case VolumeException.Unsupported e when doing != Doing.READING_DISK ->
                simple(Verdict.DAMAGED, after(e.getMessage(), intact, "a newer Imprint, or a bundle for this format, may read it"), e);
            case VolumeException.Unreadable e when doing == Doing.READING_DISK ->
                simple(Verdict.FAILED, after(e.getMessage(), intact, "--allow bad-sectors copies the rest and lists what is missing"), e);
            case VolumeException e -> simple(Verdict.FAILED, after(e.getMessage(), intact), e);
            case NoSuchFileException e -> simple(Verdict.USAGE, e.getFile() + ": there is no such file or device", e);
            case AccessDeniedException e ->
                simple(Verdict.USAGE, e.getFile() + ": permission denied; run as a user who may use it", e);
            case FileAlreadyExistsException e ->
                simple(Verdict.REFUSED, e.getFile() + " exists already; --overwrite replaces it", e);
            case NotDirectoryException e -> simple(Verdict.USAGE, e.getFile() + ": this is no folder", e);
            case FileSystemException e -> simple(Verdict.FAILED, after(e.getFile() + ": "
                    + (e.getReason() == null ? "the system refused this without a reason" : e.getReason()), intact), e);
            case IOException e -> simple(Verdict.FAILED, after(words(e, "reading or writing failed"), intact), e);
            case UncheckedIOException e -> of(e.getCause(), doing, intact);
            case VerbFailed e -> e.isTold() ? new Failure(e.failure().verdict(), e.failure().status(), e.failure().sentence(), e)
                    : e.failure();
            case IllegalArgumentException e -> simple(Verdict.USAGE, words(e, "this cannot be asked for"), e);
            case UnsupportedOperationException e when e.getMessage() != null -> simple(Verdict.USAGE, e.getMessage(), e);
            case OutOfMemoryError e -> simple(Verdict.FAILED, after("there is not enough memory for this job", intact,
                    "use fewer --threads, or start Java with a larger heap"), e);
            default -> simple(Verdict.FAILED, after("this is a mistake in Imprint or in one of its bundles, not in what you asked for ("
                    + words(thrown, "no words were left") + ")", intact, "-v or --log FILE keeps the trace for a report"), thrown);
        };
    }

    private static Failure interrupted(String intact, Throwable cause) {
        return new Failure(Verdict.INTERRUPTED, Signals.status(), after("interrupted", intact), cause);
    }

    private static Failure simple(Verdict verdict, String sentence, Throwable cause) {
        return new Failure(verdict, verdict.status(), sentence, cause);
    }

    private static String waived(RefusedException refusal) {
        String sentence = refusal.getMessage();
        return refusal.waiver().isEmpty() || sentence.contains("--allow") ? sentence
                : sentence + "; --allow " + refusal.waiver() + " waives this check";
    }

    private static String after(String... parts) {
        var sentence = new StringBuilder();
        for (String part : parts) {
            if (!part.isEmpty()) {
                sentence.append(sentence.isEmpty() ? "" : "; ").append(part);
            }
        }
        return sentence.toString();
    }

    /** The message, or that of the nearest cause that has one. */
    private static String words(Throwable thrown, String otherwise) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t.getMessage() != null && !t.getMessage().isBlank()) {
                return t.getMessage().strip().lines().findFirst().orElse(otherwise);
            }
        }
        return otherwise;
    }

    Map<String, Object> facts() {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("verdict", Call.name(verdict));
        facts.put("status", status);
        facts.put("sentence", sentence);
        if (cause instanceof VolumeException e && e.offset() >= 0) {
            facts.put("offset", e.offset());
            facts.put("length", e.length());
        }
        if (cause instanceof RefusedException e && !e.waiver().isEmpty()) {
            facts.put("waiver", e.waiver());
        }
        return facts;
    }
}
