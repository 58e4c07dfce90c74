/// <summary>Charges a card. Words only: ax.Secrets().Get("DOC_ONLY").</summary>
using System.Collections.Generic;
using System.Threading.Tasks;
using Axiom;
using Gen;

namespace Nodes;

public static class ChargeNode
{
    private const string Currency = "STRIPE_CURRENCY";

    public static ChargeReply Charge(IAxiomContext ax, ChargeRequest input)
    {
        ax.Log().Info("Charge handling");
        var (key, found) = ax.Secrets().Get(SecretNames.Stripe);
        if (!found) return new ChargeReply { Error = "not configured" };
        var currency = ax.Secrets().Get(Currency);
        var account = ax.RequireSecret("STRIPE_ACCOUNT");
        ax.Log().Info("charging", new Dictionary<string, string> { ["account"] = account, ["currency"] = currency.Value });
        return new ChargeReply { Id = Stripe.Run(key, account), Debug = $"key {key}" };
    }
}
