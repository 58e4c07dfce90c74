using Axiom;
using Gen;

namespace Nodes;

public static class GreetNode
{
    /// <summary>Greets the caller, signing with the tenant's configured signature.</summary>
    public static GreetReply Greet(IAxiomContext ax, GreetRequest input)
    {
        var (signature, found) = ax.Secrets().Get("GREETER_SIGNATURE");
        return new GreetReply { Greeting = $"Hello {input.Name}, from {(found ? signature : "anonymous")}" };
    }
}
