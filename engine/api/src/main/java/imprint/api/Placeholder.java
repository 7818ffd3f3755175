package imprint.api;

/** Holds the place of the real services until they arrive. */
public interface Placeholder {
    String name();
}
