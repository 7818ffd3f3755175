package imprint.shell;

import imprint.api.Verdict;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;

/**
 * How verbs are read and explained, by picocli. Specifications are made by hand and for one verb at a time: annotations
 * would cost every command a tenth of a second of reflection.
 */
final class Grammar {
    static final String PROGRAM = "imprint";
    private static final int HELP_WIDTH = 100;

    private Grammar() {}

    /** @throws IllegalArgumentException it does not fit the verb; the message says what would */
    static Arguments parse(Verb verb, List<String> words) {
        var line = new CommandLine(specification(verb, false))
                .setExpandAtFiles(false).setStopAtUnmatched(false).setUnmatchedArgumentsAllowed(true).setTrimQuotes(false);
        CommandLine.ParseResult result;
        try {
            result = line.parseArgs(words.toArray(String[]::new));
        } catch (ParameterException e) {
            throw new IllegalArgumentException(verb.name() + ": " + decapitalised(e.getMessage()) + usage(verb), e);
        }
        var given = new EnumMap<Option, String>(Option.class);
        for (Option option : Option.values()) {
            if (result.hasMatchedOption(option.flag)) {
                if (option.isPlanned()) {
                    throw new IllegalArgumentException(option.flag + " is not in this version; leave it out");
                }
                given.put(option, option.isSwitch() ? "" : result.matchedOptionValue(option.flag, ""));
            }
        }
        List<String> places = result.hasMatchedPositional(0) ? result.matchedPositionalValue(0, List.<String>of()) : List.of();
        var arguments = new Arguments(verb, given, List.copyOf(places));
        if (!given.containsKey(Option.HELP)) {
            refuseMisfits(verb, result.unmatched(), places);
        }
        return arguments;
    }

    private static void refuseMisfits(Verb verb, List<String> unmatched, List<String> places) {
        if (!unmatched.isEmpty()) {
            throw new IllegalArgumentException(verb.name() + " takes no " + unmatched.getFirst() + usage(verb));
        }
        long needed = verb.parameters().stream().filter(p -> !p.startsWith("[")).count();
        if (places.size() < needed) {
            throw new IllegalArgumentException(verb.name() + " needs " + verb.parameters().get(places.size()) + usage(verb));
        }
        if (places.size() > verb.parameters().size()) {
            throw new IllegalArgumentException(
                    verb.name() + " does not know what to do with \"" + places.get(verb.parameters().size()) + "\"" + usage(verb));
        }
    }

    private static String usage(Verb verb) {
        return "; it is " + synopsis(verb) + ", and --help tells more";
    }

    private static String synopsis(Verb verb) {
        return (PROGRAM + " " + verb.name() + " " + String.join(" ", verb.parameters())).strip()
                + (verb.options().isEmpty() ? "" : " [OPTION…]");
    }

    /** Examples first, then what it takes. */
    static String help(Verb verb) {
        var words = new StringWriter();
        new CommandLine(specification(verb, true)).usage(new PrintWriter(words), Ansi.OFF);
        return words.toString();
    }

    /** What there is. */
    static String help(List<Verb> verbs) {
        var text = new StringBuilder("Examples:\n");
        text.append("  imprint disks\n  imprint backup /dev/sda2 usb/laptop.img.zst\n  imprint restore usb/laptop.img.zst /dev/sdb2 --dry-run\n");
        text.append("\nCommands (imprint COMMAND --help tells more; without a command: an interactive shell):\n");
        for (Verb verb : verbs) {
            String line = (verb.name() + " " + String.join(" ", verb.parameters())).strip();
            text.append("  ").append(line).append(" ".repeat(Math.max(2, 26 - line.length()))).append(verb.summary()).append('\n');
        }
        text.append("\nPlaces are paths, - (a pipe), or URIs. Sizes take k M G (1000) and Ki Mi Gi (1024).\n\nExit status:\n");
        statuses().forEach((status, words) -> text.append(String.format(java.util.Locale.ROOT, "%5s  %s%n", status, words)));
        return text.toString();
    }

    /** For bash; options and commands, and files where a place is wanted. */
    static String completion(List<Verb> verbs) {
        CommandSpec program = CommandSpec.create().name(PROGRAM);
        for (Verb verb : verbs) {
            program.addSubcommand(verb.name(), specification(verb, false));
        }
        return AutoComplete.bash(PROGRAM, new CommandLine(program));
    }

    private static CommandSpec specification(Verb verb, boolean explained) {
        CommandSpec spec = CommandSpec.create().name(PROGRAM + " " + verb.name());
        for (Option option : Option.values()) {
            if (verb.options().contains(option) || option.isPlanned()) {
                spec.addOption(specification(option));
            }
        }
        if (!verb.parameters().isEmpty()) {
            // One that takes them all: counting them ourselves gives better sentences.
            var places = PositionalParamSpec.builder().index("0..*").arity("0..*").type(List.class).auxiliaryTypes(String.class)
                    .paramLabel(String.join(" ", verb.parameters())).hideParamSyntax(true);
            spec.addPositional(places.completionCandidates(List.of()).build());
        }
        if (explained) {
            explain(verb, spec.usageMessage());
        }
        return spec;
    }

    private static OptionSpec specification(Option option) {
        var names = option == Option.HELP ? new String[] {"-h", option.flag} : new String[] {option.flag};
        var spec = OptionSpec.builder(names).description(option.words.replace("%", "%%")).hidden(option.isPlanned());
        if (option.isSwitch()) {
            return spec.arity("0").type(boolean.class).usageHelp(option == Option.HELP).build();
        }
        return spec.arity("1").type(option == Option.LOG || option == Option.AGAINST ? Path.class : String.class)
                .converters(text -> text).paramLabel(option.label).build();
    }

    private static void explain(Verb verb, UsageMessageSpec usage) {
        var header = new ArrayList<String>();
        header.add("Examples:");
        for (Verb.Example example : verb.examples()) {
            header.add("  " + example.line() + (example.words().isEmpty() ? "" : "    " + example.words()));
        }
        header.add("");
        usage.width(HELP_WIDTH).autoWidth(false).sortOptions(false).hidden(false);
        usage.header(header.stream().map(line -> line.replace("%", "%%")).toArray(String[]::new));
        usage.customSynopsis(synopsis(verb));
        usage.description(verb.summary());
        usage.optionListHeading("%n").exitCodeListHeading("%nExit status:%n").exitCodeList(statuses());
    }

    /** The table of the design, in its order. */
    static Map<String, String> statuses() {
        var words = new LinkedHashMap<String, String>();
        for (Verdict verdict : Verdict.values()) {
            String text = switch (verdict) {
                case COMPLETE -> "complete";
                case UNVERIFIED -> null;                          // 0 too, and said in words
                case USAGE -> "usage or environment; nothing was begun";
                case FAILED -> "failed";
                case LOSSY -> "complete with losses";
                case REPAIRABLE -> "damaged, repairable";
                case DAMAGED -> "damaged, not repairable";
                case REFUSED -> "refused for safety; nothing was written";
                case INTERRUPTED -> "interrupted";
                case NO_SPACE -> "no space";
                case BUSY -> "another Imprint holds the image";
            };
            if (text != null) {
                words.put(String.valueOf(verdict.status()), text);
            }
        }
        words.put("128+N", "ended by signal N");
        return words;
    }

    private static String decapitalised(String sentence) {
        return sentence.isEmpty() ? sentence : Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
