using Axiom;
using Gen;

namespace Nodes;

public static class FailNode
{
    /// <summary>Fails with a value in its text, as careless code does.</summary>
    public static ProbeReply Fail(IAxiomContext ax, ProbeRequest input)
    {
        var (value, _) = ax.Secrets().Get("API_KEY");
        if (input.Names.Contains("typed"))
        {
            throw new NodeError("QUOTA_EXCEEDED", $"no more calls with {value}", "resets at midnight");
        }

        if (input.Names.Contains("flow"))
        {
            ax.Mutation().Flow().AddEdge(0, 1, null);
        }

        if (input.Names.Contains("untyped"))
        {
            throw new InvalidOperationException($"GET https://example.com/?key={value}");
        }

        return new ProbeReply();
    }
}
