package imprint.gzip;

import imprint.api.Format;
import imprint.testing.FormatContract;
import java.util.List;
import java.util.Map;
import java.util.Set;

class GzipContractTest extends FormatContract {

    @Override
    protected Format format() {
        return new GzipFormat();
    }

    @Override
    protected Set<Trait> lacks() {
        return Set.of(Trait.KEEPS_BAD);
    }

    @Override
    protected List<Map<String, String>> options() {
        return List.of(Map.of(), Map.of("level", "1"), Map.of("level", "9"));
    }

    @Override
    protected byte[] stockEncode(byte[] content) throws Exception {
        return Tool.run(content, "gzip", "-c");
    }

    @Override
    protected byte[] stockDecode(byte[] image) throws Exception {
        return Tool.run(image, "gzip", "-dc");
    }
}
