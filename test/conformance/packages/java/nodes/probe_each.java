package nodes;

import axiom.AxiomContext;
import gen.Messages.ProbeReply;
import gen.Messages.ProbeRequest;
import java.util.Iterator;
import java.util.function.Consumer;

public class ProbeEach {
    /** Says for each input what every read answered. */
    public static void probeEach(AxiomContext ax, Iterator<ProbeRequest> inputs, Consumer<ProbeReply> emit)
            throws InterruptedException {
        while (inputs.hasNext()) {
            emit.accept(Readings.readAll(ax, inputs.next()));
        }
    }
}
