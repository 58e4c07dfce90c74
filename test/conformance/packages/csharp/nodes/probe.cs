using Axiom;
using Gen;

namespace Nodes;

public static class ProbeNode
{
    /// <summary>Says what every read answered.</summary>
    public static ProbeReply Probe(IAxiomContext ax, ProbeRequest input) => Readings.ReadAll(ax, input);
}
