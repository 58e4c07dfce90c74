using Axiom;
using Gen;

namespace Nodes;

public static class BlockForeverNode
{
    public static Seen BlockForever(IAxiomContext ax, Probe input)
    {
        ax.Log().Info("waiting");
        try
        {
            Thread.Sleep(Timeout.Infinite);
        }
        finally
        {
            Interlocked.Increment(ref Counted.Stops);
        }

        return new Seen();
    }
}
