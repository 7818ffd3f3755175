/** What third parties compile against. */
@Export
@Version("0.1.0")
package imprint.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
