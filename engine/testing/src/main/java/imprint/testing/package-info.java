/**
 * What a plugin is tested with: volumes and writers in memory, volumes and writers that fail on purpose, and one
 * contract suite for each service interface.
 *
 * <p>A plugin's conformance test extends a contract, gives the service and names the traits that it lacks; the contract
 * checks what is there and what is lacking. Everything random comes from one seed that a failure names;
 * {@code -Dimprint.seed=N} runs it again.
 */
@Export
@Version("0.1.0")
package imprint.testing;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
