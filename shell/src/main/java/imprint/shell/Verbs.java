package imprint.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The verbs there are, in the order of {@code --help}. */
final class Verbs {
    static final List<String> NAMES =
            List.of("disks", "info", "backup", "restore", "verify", "convert", "clone", "formats", "shell", "completion");

    private Verbs() {}

    /** Makes the one that is asked for and no other: a command starts faster so. */
    static Optional<Verb> named(String name) {
        return Optional.ofNullable(switch (name) {
            case "disks" -> new DisksVerb();
            case "info" -> new InfoVerb();
            case "backup" -> new BackupVerb();
            case "restore" -> new RestoreVerb();
            case "verify" -> new VerifyVerb();
            case "convert" -> new ConvertVerb();
            case "clone" -> new CloneVerb();
            case "formats" -> new FormatsVerb();
            case "shell" -> new ShellVerb();
            case "completion" -> new CompletionVerb();
            default -> null;
        });
    }

    static List<Verb> all() {
        var all = new ArrayList<Verb>();
        for (String name : NAMES) {
            all.add(named(name).orElseThrow());
        }
        return all;
    }
}
