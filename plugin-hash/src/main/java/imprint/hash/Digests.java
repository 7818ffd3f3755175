package imprint.hash;

import imprint.api.Event;
import imprint.api.FileSet;
import imprint.api.Format;
import imprint.api.Integrity;
import imprint.api.Job;
import imprint.api.Report;
import imprint.api.Tap;
import imprint.api.VolumeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/**
 * Digests beside a file: {@code X.sha256} as sha256sum writes it, and whatever list of digests in the folder has a line
 * for {@code X}. There is nothing here to repair with.
 */
@Component(property = {
    Integrity.NAMES + "=sha256", Integrity.NAMES + "=sha224", Integrity.NAMES + "=sha384", Integrity.NAMES + "=sha512",
    Integrity.NAMES + "=sha1", Integrity.NAMES + "=md5", Integrity.NAMES + "=crc32",
    Format.ABILITIES + "=read", Format.ABILITIES + "=write"
})
public final class Digests implements Integrity {

    @Override
    public Tap tap(String name, Map<String, String> options, Job job) {
        var algorithm = Algorithm.named(name);
        if (!options.isEmpty()) {
            throw new IllegalArgumentException(name + " has no option \"" + options.keySet().iterator().next()
                    + "\"; it has none at all");
        }
        return new DigestTap(algorithm, job);
    }

    @Override
    public Report verify(FileSet files, Job job) throws IOException {
        var name = files.name();
        var lists = new ArrayList<SumsFile>();
        var found = new EnumMap<Algorithm, Optional<String>>(Algorithm.class);
        for (var file : files.names()) {
            var list = list(files, file, job);
            if (list.isPresent()) {
                lists.add(list.get());
                list.get().entries().forEach(entry ->
                        found.put(entry.algorithm(), files.proven(name, entry.algorithm().id())));
            }
        }
        if (lists.isEmpty()) {
            return Report.unknown();
        }
        var by = lists.stream().map(SumsFile::file).toList();
        try (var volume = files.open(name)) {
            var open = found.entrySet().stream().filter(each -> each.getValue().isEmpty()).map(Map.Entry::getKey).toList();
            if (!open.isEmpty()) {
                Hashing.of(volume, open, job).forEach((algorithm, hex) -> found.put(algorithm, Optional.of(hex)));
            }
            var findings = differences(name, lists, found);
            return new Report(findings.isEmpty() ? Report.State.INTACT : Report.State.DAMAGED, findings, volume.size(), by);
        } catch (VolumeException.Unreadable unreadable) {
            return new Report(Report.State.DAMAGED, List.of(unreadable.getMessage()), unreadable.offset(), by);
        }
    }

    /** A list of digests that has a line for the file that the job is about; empty where this file is none. */
    private static Optional<SumsFile> list(FileSet files, String file, Job job) throws IOException {
        var name = files.name();
        var kind = kind(file, name);
        if (kind.isEmpty() || file.equals(name)) {
            return Optional.empty();
        }
        boolean own = file.length() == name.length() + 1 + kind.get().id().length() && file.startsWith(name + ".");
        try (var volume = files.open(file)) {
            var list = SumsFile.read(volume, file, kind.get(), name, own);
            if (!list.entries().isEmpty()) {
                return Optional.of(list);
            }
        }
        if (own) {
            job.event(new Event.Warning(file + " has no digest of " + name + ", so it proves nothing"));
        }
        return Optional.empty();
    }

    /** "X.sha256" for X and for its pieces "X.aa" …, "SHA256SUMS" for all files of a folder. */
    private static Optional<Algorithm> kind(String file, String name) {
        for (var algorithm : Algorithm.values()) {
            int stem = file.length() - algorithm.id().length() - 1;
            if (stem > 0 && file.substring(stem).equalsIgnoreCase("." + algorithm.id())
                    && (name + ".").startsWith(file.substring(0, stem) + ".")) {
                return Optional.of(algorithm);
            }
        }
        return Algorithm.listedIn(file);
    }

    private static List<String> differences(String name, List<SumsFile> lists, Map<Algorithm, Optional<String>> found) {
        var findings = new ArrayList<String>();
        for (var list : lists) {
            for (var entry : list.entries()) {
                var hex = found.get(entry.algorithm()).orElseThrow();
                if (!hex.equals(entry.hex())) {
                    findings.add(name + ": " + entry.algorithm().id() + " is " + hex + ", expected " + entry.hex()
                            + " (" + list.file() + ")");
                }
            }
        }
        return List.copyOf(findings);
    }
}
