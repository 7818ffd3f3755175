/** One contract suite per service, and volumes to run it on. */
@Export
@Version("0.1.0")
package imprint.testing;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
