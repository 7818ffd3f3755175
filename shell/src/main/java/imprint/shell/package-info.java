/**
 * The command line and the Gogo commands. A verb is a {@link imprint.shell.Verb}, defined once and called headless, from
 * Gogo and from tests through {@link imprint.shell.Program}; it knows {@link imprint.api.Imprint} and nothing behind it.
 *
 * <p>Nothing on the way of one headless command loads a class of Gogo or JLine: these are reached through {@code Console}
 * alone, which exists only where Gogo runs.
 */
package imprint.shell;
