using Axiom;

namespace Nodes;

internal sealed class Stripe(IAxiomContext ax, string keyName)
{
    public static string Run(string key, string account) => account + key.Length;

    public string Refund(string id)
    {
        var key = ax.Secrets().Get(keyName).Value;
        return id + key.Length;
    }
}
