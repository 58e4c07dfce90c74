using System.Linq;
using Axiom;
using Gen;

namespace Nodes;

public static class ReportNode
{
    private static readonly string[] Wanted = { "REPORT_KEY", nameof(REPORT_SALT) };

    public static ChargeReply Report(IAxiomContext ax, ChargeRequest input)
    {
        var missing = Wanted.Where(name => !ax.Secrets().Get(name).Found).ToList();
        var dynamic = ax?.Secrets().Get("REPORT_" + input.Region);
        return new ChargeReply { Count = missing.Count, Ok = dynamic?.Found ?? false };
    }
}
