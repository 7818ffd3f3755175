package imprint.shell;

import imprint.api.Installed;
import imprint.api.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What is written when a person does not say so: an option wins, else the target's ending decides, else raw with the
 * usual codec. Which names there are is what is installed; only the ones that the design fixes stand here.
 */
final class Defaults {
    /** Every byte, laid down as it is: no layer at all. */
    static final String RAW = "raw";
    static final String NONE = "none";
    private static final List<String> RAW_ENDINGS = List.of(".img", ".raw", ".dd", ".iso");
    /** These promise something: a file must not bear one and hold something else. */
    private static final List<String> FIXED_ENDINGS =
            List.of(".zst", ".gz", ".xz", ".bz2", ".lz4", ".qcow2", ".vhd", ".vdi", ".vmdk");
    private static final Layer USUAL_CODEC = new Layer("zstd", Map.of("level", "3"));
    private static final String USUAL_DIGEST = "sha256";

    /** What a target gets when neither option nor ending says so. */
    enum Otherwise { USUAL, ASK }

    private final List<Installed> installed;

    Defaults(List<Installed> installed) {
        this.installed = installed;
    }

    /**
     * The layers to write, innermost first.
     *
     * @param target the last element of its name; may be empty
     * @throws IllegalArgumentException what was asked for is not installed, or nothing says what to write
     */
    List<Layer> layers(String target, Optional<String> format, Optional<String> compress, Otherwise otherwise) {
        String rest = target.toLowerCase(Locale.ROOT);
        Optional<Installed> packed = byEnding("codec", rest);
        if (packed.isPresent()) {
            rest = withoutEnding(rest, packed.get());
        }
        Optional<Installed> laid = byEnding("image", rest);
        boolean bare = RAW_ENDINGS.stream().anyMatch(rest::endsWith);
        if (otherwise == Otherwise.ASK && format.isEmpty() && compress.isEmpty() && packed.isEmpty() && laid.isEmpty() && !bare) {
            refuseFixedEnding(rest);
            throw new IllegalArgumentException("neither --format nor the ending of " + quoted(target) + " says what to write; "
                    + "--format takes " + names("image"));
        }
        if (format.isEmpty() && compress.isEmpty()) {
            refuseFixedEnding(laid.isPresent() ? withoutEnding(rest, laid.get()) : rest);
        }

        var layers = new ArrayList<Layer>();
        Optional<Installed> image = format.isPresent() ? image(format.get()) : laid;
        image.ifPresent(i -> layers.add(Layer.of(i.name())));
        if (compress.isPresent()) {
            codec(compress.get()).ifPresent(layers::add);
        } else if (packed.isPresent()) {
            layers.add(usual(packed.get().name()));
        } else if (!bare && laid.isEmpty() && otherwise == Otherwise.USUAL && image.map(i -> i.endings().isEmpty()).orElse(true)) {
            find("codec", USUAL_CODEC.name()).ifPresent(i -> layers.add(USUAL_CODEC));
        }
        return layers;
    }

    /** The digests that an option names; else the usual one. @throws IllegalArgumentException one is not installed */
    List<Layer> digests(Optional<String> option, Otherwise otherwise) {
        if (option.isEmpty()) {
            return otherwise == Otherwise.USUAL && find("digest", USUAL_DIGEST).isPresent()
                    ? List.of(Layer.of(USUAL_DIGEST)) : List.of();
        }
        var digests = new ArrayList<Layer>();
        if (!option.get().equals(NONE)) {
            for (String name : option.get().split(",", -1)) {
                if (find("digest", name).isEmpty()) {
                    throw new IllegalArgumentException("no digest " + quoted(name) + " is installed; there are " + names("digest"));
                }
                digests.add(Layer.of(name));
            }
        }
        return digests;
    }

    /** One layer as the shell's {@code encode} takes it. */
    Layer layer(String name) {
        return usual(find("codec", name).or(() -> find("image", name)).orElseThrow(() -> new IllegalArgumentException(
                "nothing installed writes " + quoted(name) + "; there are " + names("image") + ", " + names("codec"))).name());
    }

    private Optional<Installed> image(String name) {
        if (name.equals(RAW)) {
            return Optional.empty();
        }
        return Optional.of(find("image", name).orElseThrow(() -> new IllegalArgumentException(
                "nothing installed writes --format " + name + "; there are " + names("image"))));
    }

    private Optional<Layer> codec(String text) {
        if (text.equals(NONE)) {
            return Optional.empty();
        }
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        if (find("codec", name).isEmpty()) {
            throw new IllegalArgumentException("nothing installed writes --compress " + name + "; there are none, " + names("codec"));
        }
        if (colon < 0) {
            return Optional.of(usual(name));
        }
        String level = text.substring(colon + 1);
        if (!level.matches("-?[0-9]{1,4}")) {
            throw new IllegalArgumentException("--compress " + text + ": the level after the colon is a whole number");
        }
        return Optional.of(new Layer(name, Map.of("level", level)));
    }

    private static Layer usual(String name) {
        return name.equals(USUAL_CODEC.name()) ? USUAL_CODEC : Layer.of(name);
    }

    private static void refuseFixedEnding(String name) {
        FIXED_ENDINGS.stream().filter(name::endsWith).findFirst().ifPresent(ending -> {
            throw new IllegalArgumentException("the name ends in " + ending + ", and nothing installed writes that; "
                    + "choose another ending, or say --format or --compress");
        });
    }

    private Optional<Installed> find(String kind, String name) {
        return installed.stream().filter(i -> i.kind().equals(kind) && i.name().equals(name))
                .filter(i -> kind.equals("digest") || i.abilities().contains("write")).findFirst();
    }

    private Optional<Installed> byEnding(String kind, String name) {
        return installed.stream().filter(i -> i.kind().equals(kind) && i.abilities().contains("write"))
                .filter(i -> i.endings().stream().anyMatch(name::endsWith)).filter(i -> !i.name().equals(RAW)).findFirst();
    }

    private static String withoutEnding(String name, Installed of) {
        String ending = of.endings().stream().filter(name::endsWith).findFirst().orElse("");
        return name.substring(0, name.length() - ending.length());
    }

    private String names(String kind) {
        var names = new ArrayList<String>();
        if (kind.equals("image")) {
            names.add(RAW);
        }
        installed.stream().filter(i -> i.kind().equals(kind) && (kind.equals("digest") || i.abilities().contains("write")))
                .map(Installed::name).filter(n -> !names.contains(n)).forEach(names::add);
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    private static String quoted(String name) {
        return "\"" + name + "\"";
    }
}
