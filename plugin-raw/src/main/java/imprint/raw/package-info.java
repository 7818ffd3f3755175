/**
 * Places that the operating system gives: files, block devices, standard streams and nothing at all; and the raw format.
 *
 * <p>{@link imprint.raw.FilePlaces} tells by what stands at a path whether {@link imprint.raw.FileVolume},
 * {@link imprint.raw.DeviceVolume} or {@link imprint.raw.PipeVolume} reads it, and which writer makes it.
 */
package imprint.raw;
