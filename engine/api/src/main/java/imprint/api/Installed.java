package imprint.api;

import java.util.List;

/**
 * A service that is installed, for {@code formats}.
 *
 * @param name      as the command line takes it
 * @param kind      "image", "codec", "digest"
 * @param abilities of "read", "write", "seek"
 * @param endings   of file names
 * @param bundle    symbolic name and version of the bundle that it comes from
 */
public record Installed(String name, String kind, List<String> abilities, List<String> endings, String bundle) {}
