package imprint.api;

import java.util.List;

/**
 * A plan that passed every check that can be made without writing.
 *
 * @param plan    the plan
 * @param source  what stands at the source
 * @param target  what stands at the target now, and would be lost
 * @param layers  peeled off the source, outermost first
 * @param size    bytes of content; -1 for a stream
 * @param toRead  bytes that have to be read, extents respected; -1 for a stream
 * @param atMost  bytes that the target may need; -1 where it is not known
 * @param remarks sentences: what would be lost, what is not verified, what was waived
 */
public record Draft(Plan plan, Place source, Place target, List<String> layers, long size, long toRead, long atMost,
        List<String> remarks) {}
