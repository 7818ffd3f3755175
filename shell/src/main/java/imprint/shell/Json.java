package imprint.shell;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** One object on one line, in ASCII, so that no locale and no terminal can spoil it. */
final class Json {
    private static final JSON WRITER =
            JSON.builder(JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build()).build();

    private Json() {}

    static String line(String type, Map<String, ?> facts) {
        var object = new LinkedHashMap<String, Object>();
        object.put("type", type);
        object.putAll(facts);
        try {
            return WRITER.asString(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);                    // into a string: nothing there can fail
        }
    }
}
