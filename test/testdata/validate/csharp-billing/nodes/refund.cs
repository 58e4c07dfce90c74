using Axiom;
using Gen;

namespace Nodes;

public static class RefundNode
{
    public static ChargeReply Refund(IAxiomContext ax, ChargeRequest input)
    {
        var stripe = new Stripe(ax, SecretNames.Stripe);
        var secrets = ax.Secrets();
        string hook = secrets
            .Get(SecretNames.Hook)
            .Value;
        var query = System.Web.HttpUtility.ParseQueryString(input.Query);
        query.Get("secret");
        return new ChargeReply { Id = stripe.Refund(input.Id), Ok = hook.Length > 0 };
    }
}
