package nodes;

import axiom.AxiomContext;
import gen.Messages.Probe;
import gen.Messages.Seen;

public class Fail {
    public static Seen fail(AxiomContext ax, Probe input) throws Exception {
        switch (input.getText()) {
            case "typed":
                throw new AxiomContext.NodeError("RATE_LIMITED", "the model is busy", "try again in a minute");
            case "untyped":
                String value = ax.secrets().get("API_KEY").orElse("");
                throw new java.io.IOException("GET https://example.com/?key=" + value);
            case "mutation":
                ax.mutation().flow().addNode("acme/other", "1.0.0", null);
                return null;
            case "overflow":
                return fail(ax, input);
            default:
                return null;
        }
    }
}
