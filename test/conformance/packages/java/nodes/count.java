package nodes;

import axiom.AxiomContext;
import gen.Messages.Counts;
import gen.Messages.ProbeRequest;

public class Count {
    /** Says what handlers have counted. */
    public static Counts count(AxiomContext ax, ProbeRequest input) {
        return Counts.newBuilder()
                .setEmitted(Emit.EMITTED.get())
                .setStopped(Hang.STOPPED.get())
                .build();
    }
}
