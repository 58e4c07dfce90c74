using Axiom;
using Gen;

namespace Nodes;

public static class CountNode
{
    /// <summary>Says what handlers have counted.</summary>
    public static Counts Count(IAxiomContext ax, ProbeRequest input) =>
        new() { Emitted = Volatile.Read(ref EmitNode.Emitted), Stopped = Volatile.Read(ref HangNode.Stopped) };
}
