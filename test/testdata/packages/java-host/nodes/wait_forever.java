package nodes;

import axiom.AxiomContext;
import gen.Messages.Probe;
import gen.Messages.Seen;

public class WaitForever {
    public static Seen waitForever(AxiomContext ax, Probe input) throws InterruptedException {
        ax.log().info("waiting");
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException interrupted) {
            CountInterrupts.count.incrementAndGet();
            throw interrupted;
        }
        return Seen.getDefaultInstance();
    }
}
