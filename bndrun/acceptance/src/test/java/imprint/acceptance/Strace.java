package imprint.acceptance;

import imprint.acceptance.Tools.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Sees the system calls that a program makes on some paths, and puts a fault in the place of one of them. strace counts the
 * calls of each thread by itself, so the Nth call is the first one in the log that is the Nth of its thread. (With
 * --seccomp-bpf it would be faster, and strace 6.1 then injects no signal.)
 */
final class Strace {

    /** What changes a file or a name, and what reads one. */
    static final String CALLS = "open,openat,pread64,pwrite64,write,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,"
            + "ftruncate,fallocate,copy_file_range,ioctl";

    /** "1234  pwrite64(31</tmp/x.partial>, ..." and its like. */
    private static final Pattern ENTRY = Pattern.compile("(\\d+) +(\\w+)\\((.*)");
    /** The other half of a call that was cut in two because another thread made one meanwhile. */
    private static final Pattern REST = Pattern.compile("(\\d+) +<\\.\\.\\. \\w+ resumed>(.*)");
    private static final String CUT = " <unfinished ...>";
    private static final Pattern DESCRIPTOR = Pattern.compile("\\d+<([^>]*?)(?: \\(deleted\\))?>");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");
    private static final Pattern OFFSET = Pattern.compile(", (\\d+)\\)");

    /**
     * One call.
     *
     * @param path the file; for a rename its old name
     * @param nth  of its name and path in its thread, from 1
     * @param line as strace wrote it, in one piece
     */
    record Call(int thread, String name, Path path, int nth, String line) {

        boolean is(String... names) {
            return List.of(names).contains(name);
        }

        /** Where it reads or writes, -1 where it does neither. */
        long offset() {
            var matcher = OFFSET.matcher(line);
            long last = -1;
            while (is("pread64", "pwrite64") && matcher.find()) {
                last = Long.parseLong(matcher.group(1));
            }
            return last;
        }
    }

    /** How a program ended that was watched, and what it called. */
    record Run(Outcome outcome, List<Call> calls) {

        /** The first call of each kind and number: the one that a fault with this number hits. */
        List<Call> first() {
            var first = new LinkedHashMap<List<Object>, Call>();
            calls.forEach(call -> first.putIfAbsent(List.of(call.name(), call.path(), call.nth()), call));
            return List.copyOf(first.values());
        }
    }

    private Strace() {}

    /** Watches calls on these paths, which have to be absolute: strace compares how they are spelt. */
    static Run watch(List<Path> paths, List<String> command) throws Exception {
        return run(paths, List.of(), command);
    }

    /** Ends the program by SIGKILL at this call, which is not made. Its temporary files are cleared away. */
    static Run kill(Call at, List<String> command) throws Exception {
        var temporary = Files.createTempDirectory("killed");
        try {
            var all = new ArrayList<>(List.of("env", "JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=" + temporary));
            all.addAll(command);
            return run(List.of(at.path()), inject(at, "signal=SIGKILL"), all);
        } finally {
            Tools.run("rm", "-r", temporary.toString());
        }
    }

    /** Lets this call fail, and no other. */
    static Run fail(Call at, String error, List<String> command) throws Exception {
        return run(List.of(at.path()), inject(at, "error=" + error), command);
    }

    private static List<String> inject(Call at, String what) {
        return List.of("-e", "inject=" + at.name() + ":" + what + ":when=" + at.nth());
    }

    private static Run run(List<Path> paths, List<String> injection, List<String> command) throws Exception {
        Path log = Files.createTempFile("strace", ".log");
        try {
            var words = new ArrayList<>(List.of("strace", "-f", "-qq", "-y", "-s", "0", "-e", "signal=none",
                    "-e", "trace=" + CALLS, "-o", log.toString()));
            paths.forEach(path -> words.addAll(List.of("-P", path.toString())));
            words.addAll(injection);
            words.addAll(command);
            var outcome = Faults.run(words);
            return new Run(outcome, parse(Files.readAllLines(log)));
        } finally {
            Files.delete(log);
        }
    }

    private static List<Call> parse(List<String> lines) {
        var calls = new ArrayList<Call>();
        Map<List<Object>, Integer> counts = new HashMap<>();
        for (var line : joined(lines)) {
            var entry = ENTRY.matcher(line);
            if (!entry.matches()) {
                continue;
            }
            boolean named = List.of("open", "openat", "rename", "renameat", "renameat2", "unlink", "unlinkat").contains(entry.group(2));
            var path = (named ? QUOTED : DESCRIPTOR).matcher(entry.group(3));
            if (path.find()) {
                int thread = Integer.parseInt(entry.group(1));
                var file = Path.of(path.group(1));
                int nth = counts.merge(List.of(thread, entry.group(2), file), 1, Integer::sum);
                calls.add(new Call(thread, entry.group(2), file, nth, line));
            }
        }
        return calls;
    }

    /** In the order in which the calls began. */
    private static List<String> joined(List<String> lines) {
        var joined = new ArrayList<String>();
        var open = new HashMap<String, Integer>();
        for (var line : lines) {
            var rest = REST.matcher(line);
            if (rest.matches() && open.containsKey(rest.group(1))) {
                int begun = open.remove(rest.group(1));
                joined.set(begun, joined.get(begun).replace(CUT, "") + rest.group(2));
            } else {
                if (line.endsWith(CUT)) {
                    open.put(line.substring(0, line.indexOf(' ')), joined.size());
                }
                joined.add(line);
            }
        }
        return joined;
    }
}
