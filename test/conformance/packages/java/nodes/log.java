package nodes;

import axiom.AxiomContext;
import gen.Messages.ProbeReply;
import gen.Messages.ProbeRequest;
import java.util.Map;

public class Log {
    /** Writes a record of each level. */
    public static ProbeReply log(AxiomContext ax, ProbeRequest input) {
        ax.log().debug("one");
        ax.log().info("two", Map.of("of", "four"));
        ax.log().warn("three", Map.of("empty", ""));
        ax.log().error("");
        return ProbeReply.getDefaultInstance();
    }
}
