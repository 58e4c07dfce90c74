using Axiom;
using Gen;

namespace Nodes;

public static class FailNode
{
    public static Seen Fail(IAxiomContext ax, Probe input)
    {
        switch (input.Text)
        {
            case "typed":
                throw new NodeError("RATE_LIMITED", "the model is busy", "try again in a minute");
            case "bare":
                throw new NodeError(null!, "the model is busy", null!);
            case "untyped":
                throw new HttpRequestException($"GET https://example.com/?key={ax.Secrets().Get("API_KEY").Value}");
            case "mutation":
                ax.Mutation().Flow().AddNode("acme/other", "1.0.0", null);
                break;
        }

        return null!;
    }
}
