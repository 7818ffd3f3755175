package imprint.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a job came to, with the evidence.
 *
 * @param verdict the answer
 * @param bytes   of content
 * @param took    from start to verdict
 * @param written names of what was made, final names
 * @param bad     runs of content that could not be read
 * @param digests of the content, by name, lower-case hex
 * @param reasons sentences: what is missing first; empty when complete
 * @param slowest the stage that the others waited for; empty where nothing was copied
 */
public record Outcome(Verdict verdict, long bytes, Duration took, List<String> written, List<Extent> bad,
        Map<String, String> digests, List<String> reasons, String slowest) {}
