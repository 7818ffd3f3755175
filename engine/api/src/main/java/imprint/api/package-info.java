/**
 * Two shapes of data and the services that act on them: all that a plugin compiles against.
 *
 * <p>A {@link imprint.api.Volume} is bytes that can be read anywhere and that know which runs of them matter. A
 * {@link imprint.api.VolumeWriter} is a volume being made. {@link imprint.api.Source}, {@link imprint.api.Sink},
 * {@link imprint.api.Format}, {@link imprint.api.Surveyor} and {@link imprint.api.Integrity} are OSGi services;
 * {@link imprint.api.Imprint} is the engine that brings them together. Offsets and lengths are bytes, half-open,
 * unless a name says otherwise.
 */
@Export
@Version("0.1.0")
package imprint.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
