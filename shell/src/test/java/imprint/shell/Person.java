package imprint.shell;

import imprint.api.CancelledException;
import java.util.concurrent.CompletableFuture;

/** A terminal with somebody at it who answers every question with the same words, or walks away. */
final class Person implements Terminal {
    private final String answer;
    String asked = "";

    /** @param answer null: presses Ctrl-C */
    Person(String answer) {
        this.answer = answer;
    }

    @Override public boolean isInteractive() {
        return true;
    }

    @Override public boolean showsProgress() {
        return true;
    }

    @Override public int width() {
        return 80;
    }

    @Override public String ask(String question, CompletableFuture<?> cancelled) throws CancelledException {
        asked = question;
        if (answer == null) {
            throw new CancelledException();
        }
        return answer;
    }
}
