using Axiom;
using Gen;

namespace Nodes;

public static class CountStopsNode
{
    public static Seen CountStops(IAxiomContext ax, Probe input) =>
        new() { Count = Volatile.Read(ref Counted.Stops), Text = $"{Volatile.Read(ref Counted.Outputs)}" };
}
