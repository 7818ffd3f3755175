/**
 * Digests of stored files: taken while they are written, kept beside them as the coreutils write them, checked again.
 *
 * <p>{@link imprint.hash.Digests} is the service, {@link imprint.hash.DigestTap} sees the bytes,
 * {@link imprint.hash.SumsFile} reads and writes the lines.
 */
package imprint.hash;
