package nodes;

import axiom.AxiomContext;
import gen.Messages.Probe;
import gen.Messages.Seen;
import java.util.Iterator;
import java.util.function.Consumer;

public class FailLate {
    public static void failLate(AxiomContext ax, Iterator<Probe> inputs, Consumer<Seen> emit) {
        emit.accept(Seen.newBuilder().setText(inputs.next().getText()).build());
        throw new AxiomContext.NodeError("LATE", "after one output");
    }
}
