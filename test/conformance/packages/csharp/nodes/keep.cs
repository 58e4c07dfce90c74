using Axiom;
using Gen;

namespace Nodes;

public static class KeepNode
{
    private static IAxiomContext? kept;

    /// <summary>Reads from the context of the call before, and keeps its own.</summary>
    public static ProbeReply Keep(IAxiomContext ax, ProbeRequest input) =>
        Readings.ReadAll(Interlocked.Exchange(ref kept, ax) ?? ax, input);
}
