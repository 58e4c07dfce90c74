package nodes;

import axiom.AxiomContext;
import gen.Messages.Probe;
import gen.Messages.Seen;
import java.util.concurrent.atomic.AtomicInteger;

public class CountInterrupts {
    static final AtomicInteger count = new AtomicInteger();
    static final AtomicInteger outputs = new AtomicInteger();

    public static Seen countInterrupts(AxiomContext ax, Probe input) {
        return Seen.newBuilder().setCount(count.get()).setText(outputs.toString()).build();
    }
}
