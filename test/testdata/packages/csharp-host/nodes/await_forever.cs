using Axiom;
using Gen;

namespace Nodes;

public static class AwaitForeverNode
{
    public static async Task<Seen> AwaitForever(IAxiomContext ax, Probe input, CancellationToken cancellation = default)
    {
        ax.Log().Info("waiting");
        try
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        finally
        {
            Interlocked.Increment(ref Counted.Stops);
        }

        return new Seen();
    }
}
