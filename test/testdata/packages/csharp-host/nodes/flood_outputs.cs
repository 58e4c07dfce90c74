using Axiom;
using Gen;

namespace Nodes;

public static class FloodOutputsNode
{
    /// <summary>Never ends by itself; counts what was taken from it.</summary>
    public static async IAsyncEnumerable<Seen> FloodOutputs(IAxiomContext ax, IAsyncEnumerable<Probe> inputs)
    {
        await Task.Yield();
        var large = new Seen { Text = new string('x', 100_000) };
        try
        {
            while (true)
            {
                yield return large;
                Interlocked.Increment(ref Counted.Outputs);
            }
        }
        finally
        {
            Interlocked.Increment(ref Counted.Stops);
        }
    }
}
