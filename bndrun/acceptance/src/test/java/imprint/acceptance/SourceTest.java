package imprint.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What holds of every file that people write. */
class SourceTest {
    private static final Set<String> MADE = Set.of("target", ".imprint", ".git", "generated");

    @Test void noFileNamesTheFolderItWasWrittenIn() throws Exception {
        Assumptions.assumeTrue(Checkout.ROOT.getNameCount() > 1, "too short a path to tell from any other");

        assertEquals(List.of(), naming(Checkout.ROOT, Checkout.ROOT.toString()));
    }

    @Test void wouldNoticeOne() throws Exception {
        assertTrue(naming(Checkout.ROOT, "wouldNoticeOne").stream()
                .anyMatch(file -> file.endsWith("SourceTest.java")));
    }

    private static List<Path> naming(Path root, String words) throws IOException {
        var found = new ArrayList<Path>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return MADE.contains(folder.getFileName().toString()) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                // a worktree's .git is a file, and images are no text
                boolean text = attributes.isRegularFile() && attributes.size() < 1 << 20 && !file.endsWith(".git");
                if (text && Files.readString(file, StandardCharsets.ISO_8859_1).contains(words)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }
}
