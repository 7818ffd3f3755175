package imprint.shell;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** One object on one line, in ASCII, so that no locale and no terminal can spoil it. */
final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private Json() {}

    /** @param facts text, booleans, whole and decimal numbers, and lists and maps of such */
    static String line(String type, Map<String, ?> facts) {
        var line = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("type", type);
            fields(json, facts);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);                    // into a string: nothing there can fail
        }
        return line.toString();
    }

    private static void fields(JsonGenerator json, Map<?, ?> facts) throws IOException {
        for (var fact : facts.entrySet()) {
            json.writeFieldName(String.valueOf(fact.getKey()));
            value(json, fact.getValue());
        }
    }

    private static void value(JsonGenerator json, Object value) throws IOException {
        switch (value) {
            case Map<?, ?> map -> {
                json.writeStartObject();
                fields(json, map);
                json.writeEndObject();
            }
            case Iterable<?> list -> {
                json.writeStartArray();
                for (Object each : list) {
                    value(json, each);
                }
                json.writeEndArray();
            }
            case Boolean truth -> json.writeBoolean(truth);
            case Double number -> json.writeNumber(number);
            case Number number -> json.writeNumber(number.longValue());
            default -> json.writeString(String.valueOf(value));
        }
    }
}
