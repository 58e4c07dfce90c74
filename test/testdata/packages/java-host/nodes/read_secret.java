package nodes;

import axiom.AxiomContext;
import gen.Messages.Probe;
import gen.Messages.Seen;
import java.util.Optional;

public class ReadSecret {
    /** Also says what the context and the secrets print as. */
    public static Seen readSecret(AxiomContext ax, Probe input) {
        System.out.println(ax + " " + ax.secrets());
        Optional<String> value = ax.secrets().get(input.getText());
        return Seen.newBuilder()
                .setText(value.orElse(ax.tenantId() + "/" + ax.executionId() + "/" + ax.flowId()))
                .setFound(value.isPresent())
                .setStatus(ax.secrets().status(input.getText()).name())
                .build();
    }
}
