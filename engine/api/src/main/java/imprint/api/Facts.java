package imprint.api;

import java.util.Map;

/** An ability: what {@code info} shows of a volume besides its size (format version, checksum kind, frames). */
public interface Facts {

    /** In the order to show, with names fit for people and for JSON: lower case, words apart by blanks. */
    Map<String, String> facts();
}
