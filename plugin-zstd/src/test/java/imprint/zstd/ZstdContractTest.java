package imprint.zstd;

import imprint.api.Format;
import imprint.testing.FormatContract;
import java.util.List;
import java.util.Map;
import java.util.Set;

class ZstdContractTest extends FormatContract {

    @Override
    protected Format format() {
        return new ZstdFormat();
    }

    @Override
    protected Set<Trait> lacks() {
        return Set.of(Trait.KEEPS_BAD);
    }

    @Override
    protected List<Map<String, String>> options() {
        return List.of(Map.of(), Map.of("level", "-7"), Map.of("level", "12"));
    }

    @Override
    protected byte[] stockEncode(byte[] content) throws Exception {
        return Tool.run(content, "zstd", "-c");
    }

    @Override
    protected byte[] stockDecode(byte[] image) throws Exception {
        return Tool.run(image, "zstd", "-dc");
    }
}
