package nodes;

import axiom.AxiomContext;
import gen.Messages.ProbeReply;
import gen.Messages.ProbeRequest;

public class Probe {
    /** Says what every read answered. */
    public static ProbeReply probe(AxiomContext ax, ProbeRequest input) throws InterruptedException {
        return Readings.readAll(ax, input);
    }
}
