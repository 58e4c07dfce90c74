package nodes;

import axiom.AxiomContext;
import gen.Messages.Probe;
import gen.Messages.Seen;
import java.util.Iterator;
import java.util.function.Consumer;

public class FloodOutputs {
    /** Never ends by itself; counts what was taken from it. */
    public static void floodOutputs(AxiomContext ax, Iterator<Probe> inputs, Consumer<Seen> emit) {
        Seen large = Seen.newBuilder().setText("x".repeat(100_000)).build();
        try {
            for (; ; ) {
                emit.accept(large);
                CountInterrupts.outputs.incrementAndGet();
            }
        } finally {
            CountInterrupts.count.incrementAndGet();
        }
    }
}
