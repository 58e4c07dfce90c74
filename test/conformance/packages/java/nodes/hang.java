package nodes;

import axiom.AxiomContext;
import gen.Messages.ProbeReply;
import gen.Messages.ProbeRequest;

public class Hang {
    /** Takes its time. */
    public static ProbeReply hang(AxiomContext ax, ProbeRequest input) throws InterruptedException {
        ax.log().info("hanging");
        Thread.sleep(input.getWaitMs());
        return ProbeReply.getDefaultInstance();
    }
}
