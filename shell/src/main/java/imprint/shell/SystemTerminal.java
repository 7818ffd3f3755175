package imprint.shell;

import imprint.api.CancelledException;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** The terminal, or its absence, that this process was started on. */
final class SystemTerminal implements Terminal {
    static final int USUAL_WIDTH = 80;

    @Override public boolean isInteractive() {
        return isTerminal(0) && isTerminal(2);
    }

    @Override public boolean showsProgress() {
        return isTerminal(2);
    }

    @Override public int width() {
        try {
            // No environment variable tells it to programs, and the JDK does not either.
            var stty = new ProcessBuilder("stty", "size").redirectInput(Path.of("/dev/tty").toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String[] words = new String(stty.getInputStream().readNBytes(64), StandardCharsets.US_ASCII).strip().split(" ");
            int columns = words.length == 2 && words[1].matches("[0-9]{1,4}") ? Integer.parseInt(words[1]) : 0;
            return stty.waitFor(1, TimeUnit.SECONDS) && columns > 0 ? columns : USUAL_WIDTH;
        } catch (IOException e) {
            return USUAL_WIDTH;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return USUAL_WIDTH;
        }
    }

    @Override public String ask(String question, CompletableFuture<?> cancelled) throws IOException {
        System.err.print(question);
        System.err.flush();
        // A read of standard input hears no interrupt, and a person who presses Ctrl-C should not have to wait.
        var answer = new CompletableFuture<String>();
        Thread.ofPlatform().daemon().name("imprint-answer").start(() -> {
            try {
                String line = new BufferedReader(new InputStreamReader(new FileInputStream(FileDescriptor.in))).readLine();
                answer.complete(line == null ? "" : line);
            } catch (IOException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            CompletableFuture.anyOf(answer, cancelled).join();
            if (!answer.isDone()) {
                throw new CancelledException();
            }
            return answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String name = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.startsWith("/dev/console");
        } catch (IOException e) {
            var console = System.console();                       // a system without /proc
            return console != null && console.isTerminal();
        }
    }
}
