package imprint.shell;

import imprint.api.Place;
import imprint.api.Plan;
import imprint.api.RefusedException;
import java.io.IOException;

/** Nobody overwrites a device by mistake: its identity is shown, and typed by whoever sits there. */
final class Confirmation {
    private static final int TYPED = 4;                           // characters of the serial

    private final Call call;

    Confirmation(Call call) {
        this.call = call;
    }

    /**
     * The plan, confirmed.
     *
     * @throws RefusedException nobody is there to ask, or the answer names another device
     */
    Plan obtain(Plan plan, Place target) throws IOException {
        boolean yes = call.arguments().has(Option.YES);
        boolean somebody = call.terminal().isInteractive();
        String name = Locations.words(target.uri());
        if (!somebody && !yes) {
            throw new RefusedException("", name + " is a device and there is no terminal to confirm on; nothing was written; "
                    + "add --yes" + (target.serial().isEmpty() ? "" : " and --expect-serial") + " to overwrite it");
        }
        if (!somebody && !target.serial().isEmpty() && !call.arguments().has(Option.EXPECT_SERIAL)) {
            throw new RefusedException("", name + " has a serial number and there is no terminal; nothing was written; "
                    + "add --expect-serial with the number that \"imprint disks\" shows");
        }
        Plan confirmed = confirmed(plan);
        if (yes) {
            call.voice().target(target);
            return confirmed;
        }
        call.imprint().check(confirmed, call.terms());            // what is refused anyway is not asked for
        ask(target, name);
        return confirmed;
    }

    private void ask(Place target, String name) throws IOException {
        String serial = target.serial();
        boolean bySerial = !serial.isEmpty();
        String expected = bySerial ? serial.substring(Math.max(0, serial.length() - TYPED)) : name.substring(name.lastIndexOf('/') + 1);
        call.voice().makeWay();
        String question = Text.clean(Identity.words(target)) + "\nEverything on it will be replaced. "
                + (bySerial ? "Last " + expected.length() + " characters of the serial: " : "It has no serial; its name, without folder: ");
        if (!call.terminal().ask(question, call.cancelled()).strip().equals(expected)) {
            throw new RefusedException("", "what was typed does not name " + name + "; nothing was written");
        }
    }

    /** The same plan as if somebody had agreed. */
    static Plan confirmed(Plan plan) {
        var rules = plan.rules();
        return plan.with(new Plan.Rules(rules.verify(), rules.keep(), rules.overwrite(), true, rules.expectSerial(), rules.allow(),
                rules.note()));
    }
}
