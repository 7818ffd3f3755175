package imprint.shell;

import java.util.ArrayList;
import java.util.List;

/** Options that several verbs take. */
final class Takes {
    static final List<Option> WORDS = List.of(Option.JSON, Option.QUIET, Option.VERBOSE, Option.LOG, Option.HELP);
    static final List<Option> JOB = also(List.of(Option.THREADS, Option.MEMORY, Option.PROGRESS), WORDS);
    static final List<Option> COPY = also(List.of(Option.DIGEST, Option.YES, Option.EXPECT_SERIAL, Option.OVERWRITE, Option.ALLOW,
            Option.NO_VERIFY, Option.DRY_RUN, Option.NOTE), JOB);

    private Takes() {}

    static List<Option> also(List<Option> own, List<Option> shared) {
        var all = new ArrayList<Option>(own);
        all.addAll(shared);
        return List.copyOf(all);
    }
}
