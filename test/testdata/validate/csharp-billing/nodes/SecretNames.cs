using Axiom;

namespace Nodes;

internal static class SecretNames
{
    public const string Stripe = "STRIPE_API_KEY";
    public static string Hook => "STRIPE_WEBHOOK";
}

internal static class ContextExtensions
{
    public static string RequireSecret(this IAxiomContext ax, string name)
    {
        var (value, found) = ax.Secrets().Get(name);
        return found ? value : throw new KeyNotFoundException(name);
    }
}
