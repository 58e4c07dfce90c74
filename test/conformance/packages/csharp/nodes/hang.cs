using Axiom;
using Gen;

namespace Nodes;

public static class HangNode
{
    /// <summary>Takes its time.</summary>
    public static ProbeReply Hang(IAxiomContext ax, ProbeRequest input)
    {
        ax.Log().Info("hanging");
        Thread.Sleep(input.WaitMs);
        return new ProbeReply();
    }
}
