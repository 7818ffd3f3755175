package imprint.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import imprint.api.Volume;
import imprint.api.VolumeException;
import imprint.api.Volumes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known of a stored image, kept beside it as {@code NAME.imprint.json} and written last: a backup without it is
 * not complete. Layout: docs/formats/manifest.md.
 *
 * @param created time of the verdict, RFC 3339
 * @param source  what the content came from: name, kind, size, model, serial …
 * @param content bytes of content, and their digests by name
 * @param layers  formats that the content is laid down in, innermost first
 * @param file    the stored file
 * @param map     name of the map file that lists runs which could not be read; empty where all could
 * @param losses  sentences
 * @param versions of engine and services, by name
 */
record Manifest(String created, Map<String, String> source, Content content, List<String> layers, StoredFile file,
        String map, List<String> losses, String note, Map<String, String> versions, String verdict) {

    static final String ENDING = ".imprint.json";
    private static final int FORMAT = 1;
    private static final int LARGEST = 64 << 20;

    record Content(long size, Map<String, String> digests) {}

    /** @param chunks SHA-256 of each {@link ChunkDigests#CHUNK} bytes one after the other; empty where not taken */
    record StoredFile(String name, long size, Map<String, String> digests, byte[] chunks) {}

    byte[] toJson() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var json = new JsonFactory().createGenerator(bytes)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeNumberField("format", FORMAT);
            json.writeStringField("created", created);
            json.writeStringField("verdict", verdict);
            strings(json, "source", source);
            json.writeObjectFieldStart("content");
            json.writeNumberField("size", content.size);
            strings(json, "digests", content.digests);
            json.writeEndObject();
            strings(json, "layers", layers);
            json.writeObjectFieldStart("file");
            json.writeStringField("name", file.name);
            json.writeNumberField("size", file.size);
            strings(json, "digests", file.digests);
            if (file.chunks.length > 0) {
                json.writeNumberField("chunk", ChunkDigests.CHUNK);
                json.writeArrayFieldStart("chunks-" + ChunkDigests.ALGORITHM);
                for (int at = 0; at < file.chunks.length; at += ChunkDigests.LENGTH) {
                    json.writeString(HexFormat.of().formatHex(file.chunks, at, at + ChunkDigests.LENGTH));
                }
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeStringField("map", map);
            strings(json, "losses", losses);
            json.writeStringField("note", note);
            strings(json, "versions", versions);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** @throws VolumeException.Corrupt it is no JSON, or a field that is needed is missing or of another type */
    static Manifest read(Volume json) throws IOException {
        long size = json.size();
        if (size < 0 || size > LARGEST) {
            throw new VolumeException.Unsupported(json, -1, "a manifest of " + size + " bytes is larger than " + LARGEST);
        }
        var bytes = Volumes.read(json, 0, (int) size);
        try (var parser = new JsonFactory().createParser(bytes.array(), bytes.position(), bytes.remaining())) {
            return new Reader(json, parser).manifest();
        } catch (JsonProcessingException e) {
            throw new VolumeException.Corrupt(json, -1, 0, "is not JSON (" + e.getOriginalMessage() + ")", e);
        }
    }

    private static void strings(JsonGenerator json, String field, Map<String, String> map) throws IOException {
        json.writeObjectFieldStart(field);
        for (var entry : map.entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
    }

    private static void strings(JsonGenerator json, String field, List<String> list) throws IOException {
        json.writeArrayFieldStart(field);
        for (var each : list) {
            json.writeString(each);
        }
        json.writeEndArray();
    }

    /** Reads what {@link #toJson} writes; fields of later versions are passed over. */
    private static final class Reader {
        private final Volume volume;
        private final JsonParser json;
        private String created = "";
        private String verdict = "";
        private String map = "";
        private String note = "";
        private Map<String, String> source = Map.of();
        private Map<String, String> versions = Map.of();
        private List<String> layers = List.of();
        private List<String> losses = List.of();
        private Content content;
        private StoredFile file;

        Reader(Volume volume, JsonParser json) {
            this.volume = volume;
            this.json = json;
        }

        Manifest manifest() throws IOException {
            long[] format = {-1};
            json.nextToken();
            object(name -> {
                switch (name) {
                    case "format" -> format[0] = number();
                    case "created" -> created = string();
                    case "verdict" -> verdict = string();
                    case "map" -> map = string();
                    case "note" -> note = string();
                    case "source" -> source = strings();
                    case "versions" -> versions = strings();
                    case "layers" -> layers = list();
                    case "losses" -> losses = list();
                    case "content" -> content = content();
                    case "file" -> file = file();
                    default -> json.skipChildren();
                }
            });
            if (format[0] != FORMAT) {
                throw new VolumeException.Unsupported(volume, -1, "manifest format " + format[0] + " is not " + FORMAT);
            }
            if (content == null || file == null) {
                throw corrupt("has no \"" + (file == null ? "file" : "content") + "\"");
            }
            return new Manifest(created, source, content, layers, file, map, losses, note, versions, verdict);
        }

        private Content content() throws IOException {
            long[] size = {-1};
            var digests = new LinkedHashMap<String, String>();
            object(name -> {
                switch (name) {
                    case "size" -> size[0] = number();
                    case "digests" -> digests.putAll(strings());
                    default -> json.skipChildren();
                }
            });
            return new Content(atLeastZero(size[0], "content size"), digests);
        }

        private StoredFile file() throws IOException {
            long[] size = {-1};
            long[] chunk = {ChunkDigests.CHUNK};
            var name = new String[] {""};
            var digests = new LinkedHashMap<String, String>();
            var chunks = new ByteArrayOutputStream();
            object(field -> {
                switch (field) {
                    case "name" -> name[0] = string();
                    case "size" -> size[0] = number();
                    case "chunk" -> chunk[0] = number();
                    case "digests" -> digests.putAll(strings());
                    case "chunks-" + ChunkDigests.ALGORITHM -> {
                        for (var hex : list()) {
                            chunks.writeBytes(digest(hex));
                        }
                    }
                    default -> json.skipChildren();
                }
            });
            atLeastZero(size[0], "file size");
            if (chunk[0] != ChunkDigests.CHUNK) {
                throw new VolumeException.Unsupported(volume, -1, "chunks of " + chunk[0] + " bytes are not of "
                        + ChunkDigests.CHUNK);
            }
            long expected = (size[0] + ChunkDigests.CHUNK - 1) / ChunkDigests.CHUNK * ChunkDigests.LENGTH;
            if (chunks.size() != 0 && chunks.size() != expected) {
                throw corrupt("has " + chunks.size() / ChunkDigests.LENGTH + " chunk digests for a file of " + size[0]
                        + " bytes");
            }
            return new StoredFile(name[0], size[0], digests, chunks.toByteArray());
        }

        private byte[] digest(String hex) throws IOException {
            try {
                if (hex.length() == 2 * ChunkDigests.LENGTH) {
                    return HexFormat.of().parseHex(hex);
                }
            } catch (IllegalArgumentException e) {
                throw corrupt("chunk digest \"" + hex + "\" is not hexadecimal");
            }
            throw corrupt("a chunk digest has " + hex.length() + " digits, expected " + 2 * ChunkDigests.LENGTH);
        }

        private interface Field {
            void read(String name) throws IOException;
        }

        private void object(Field field) throws IOException {
            expect(JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var name = json.currentName();
                json.nextToken();
                field.read(name);
            }
            expect(JsonToken.END_OBJECT);
        }

        private Map<String, String> strings() throws IOException {
            var strings = new LinkedHashMap<String, String>();
            object(name -> strings.put(name, string()));
            return strings;
        }

        private List<String> list() throws IOException {
            expect(JsonToken.START_ARRAY);
            var list = new ArrayList<String>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                list.add(string());
            }
            return list;
        }

        private String string() throws IOException {
            expect(JsonToken.VALUE_STRING);
            return json.getText();
        }

        private long number() throws IOException {
            expect(JsonToken.VALUE_NUMBER_INT);
            return json.getLongValue();
        }

        private long atLeastZero(long value, String what) throws IOException {
            if (value < 0) {
                throw corrupt(what + " is " + value);
            }
            return value;
        }

        private void expect(JsonToken token) throws IOException {
            if (json.currentToken() != token) {
                throw corrupt("has " + json.currentToken() + " in line " + json.currentLocation().getLineNr() + ", expected "
                        + token);
            }
        }

        private VolumeException corrupt(String sentence) {
            return new VolumeException.Corrupt(volume, -1, 0, sentence);
        }
    }
}
