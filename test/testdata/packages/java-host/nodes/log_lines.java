package nodes;

import axiom.AxiomContext;
import gen.Messages.Probe;
import gen.Messages.Seen;
import java.util.HashMap;
import java.util.Map;

public class LogLines {
    public static Seen logLines(AxiomContext ax, Probe input) throws InterruptedException {
        ax.log().debug("one");
        ax.log().info("two", Map.of("of", "four"));
        Map<String, String> holes = new HashMap<>();
        holes.put("missing", null);
        Thread other = new Thread(() -> ax.log().warn("three", holes));
        other.start();
        other.join();
        ax.log().error(null, null);
        AxiomContext.telemetryOf(ax).addEvent("logged");
        return Seen.newBuilder().setCount(ax.reflection().flow().nodes().size()).build();
    }
}
