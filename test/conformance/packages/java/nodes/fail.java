package nodes;

import axiom.AxiomContext;
import gen.Messages.ProbeReply;
import gen.Messages.ProbeRequest;

public class Fail {
    /** Fails with a value in its text, as careless code does. */
    public static ProbeReply fail(AxiomContext ax, ProbeRequest input) {
        String value = ax.secrets().get("API_KEY").orElse("");
        if (input.getNamesList().contains("typed")) {
            throw new AxiomContext.NodeError("QUOTA_EXCEEDED", "no more calls with " + value, "resets at midnight");
        }
        if (input.getNamesList().contains("flow")) {
            ax.mutation().flow().addEdge(0, 1, null);
        }
        if (input.getNamesList().contains("untyped")) {
            throw new IllegalStateException("GET https://example.com/?key=" + value);
        }
        return ProbeReply.getDefaultInstance();
    }
}
