package nodes;

import axiom.AxiomContext;
import gen.Messages.Probe;
import gen.Messages.Seen;
import java.util.Iterator;
import java.util.function.Consumer;

public class RepeatEach {
    /** Reads its secret only after the first input came. */
    public static void repeatEach(AxiomContext ax, Iterator<Probe> inputs, Consumer<Seen> emit) {
        while (inputs.hasNext()) {
            Probe input = inputs.next();
            boolean found = ax.secrets().get("API_KEY").isPresent();
            for (int i = 0; i < input.getTimes(); i++) {
                emit.accept(Seen.newBuilder().setText(input.getText()).setFound(found).build());
            }
        }
    }
}
