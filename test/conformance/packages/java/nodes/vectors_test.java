package nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import axiom.AxiomContext;
import gen.Messages.ProbeReply;
import gen.Messages.ProbeRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The generated mock obeys the conformance vectors: vectors.txt, which the driver writes. */
class VectorsTest {
    @TestFactory
    Stream<DynamicTest> theMockObeys() throws IOException {
        Map<String, List<String[]>> vectors = new LinkedHashMap<>();
        for (String line : Files.readAllLines(vectorsFile(), StandardCharsets.US_ASCII)) {
            String[] fields = line.split("\t", -1);
            vectors.computeIfAbsent(fields[0], id -> new ArrayList<>()).add(fields);
        }
        return vectors.entrySet().stream().map(e -> DynamicTest.dynamicTest(e.getKey(), () -> obeys(e.getValue())));
    }

    private static void obeys(List<String[]> records) throws Exception {
        Map<String, String> secrets = new HashMap<>();
        Set<String> revoked = new HashSet<>();
        List<String> expected = new ArrayList<>();
        ProbeRequest.Builder request = ProbeRequest.newBuilder();
        for (String[] record : records) {
            switch (record[1]) {
                case "secret" -> secrets.put(text(record[2]), text(record[3]));
                case "revoked" -> revoked.add(text(record[2]));
                default -> {
                    request.addNames(text(record[2]));
                    expected.add(record[3].equals("available") + " " + record[3] + " " + record[4]);
                }
            }
        }
        AxiomContext ax = new ProbeTest.TestContext(secrets, revoked);
        ProbeReply reply = Probe.probe(ax, request.build());
        List<String> seen = reply.getReadingsList().stream()
                .map(r -> r.getFound() + " " + r.getStatus() + " " + HexFormat.of().formatHex(r.getValue().toByteArray()))
                .toList();
        assertEquals(expected, seen);
    }

    /** Maven runs tests in the folder of its pom.xml, which need not be the package's. */
    private static Path vectorsFile() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("vectors.txt"))) {
            folder = folder.getParent();
        }
        return folder.resolve("vectors.txt");
    }

    private static String text(String hexed) {
        return new String(HexFormat.of().parseHex(hexed), StandardCharsets.UTF_8);
    }
}
