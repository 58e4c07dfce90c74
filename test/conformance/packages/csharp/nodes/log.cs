using Axiom;
using Gen;

namespace Nodes;

public static class LogNode
{
    /// <summary>Writes a record of each level.</summary>
    public static ProbeReply Log(IAxiomContext ax, ProbeRequest input)
    {
        ax.Log().Debug("one");
        ax.Log().Info("two", new Dictionary<string, string> { ["of"] = "four" });
        ax.Log().Warn("three", new Dictionary<string, string> { ["empty"] = "" });
        ax.Log().Error("");
        return new ProbeReply();
    }
}
