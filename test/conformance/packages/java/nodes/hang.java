package nodes;

import axiom.AxiomContext;
import gen.Messages.ProbeReply;
import gen.Messages.ProbeRequest;
import java.util.concurrent.atomic.AtomicInteger;

public class Hang {
    /** Calls that were told to stop. */
    static final AtomicInteger STOPPED = new AtomicInteger();

    /** Takes its time. */
    public static ProbeReply hang(AxiomContext ax, ProbeRequest input) throws InterruptedException {
        ax.log().info("hanging");
        try {
            Thread.sleep(input.getWaitMs());
        } catch (InterruptedException told) {
            STOPPED.incrementAndGet();
            throw told;
        }
        return ProbeReply.getDefaultInstance();
    }
}
