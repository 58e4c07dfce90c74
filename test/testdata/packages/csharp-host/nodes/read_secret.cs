using Axiom;
using Gen;

namespace Nodes;

public static class ReadSecretNode
{
    /// <summary>Also says what the context and the secrets print as.</summary>
    public static Seen ReadSecret(IAxiomContext ax, Probe input)
    {
        Console.WriteLine($"{ax} {ax.Secrets()}");
        var (value, found) = ax.Secrets().Get(input.Text);
        return new Seen
        {
            Text = found ? value : $"{ax.TenantId()}/{ax.ExecutionId()}/{ax.FlowId()}",
            Found = found,
            Status = ax.Secrets().Status(input.Text).ToString(),
            Count = input.Text.Length,
        };
    }
}
