using Axiom;
using Gen;

namespace Nodes;

public static class LogLinesNode
{
    public static Seen LogLines(IAxiomContext ax, Probe input)
    {
        ax.Log().Debug("one");
        ax.Log().Info("two", new Dictionary<string, string> { ["of"] = "four" });
        var other = new Thread(() => ax.Log().Warn("three", new Dictionary<string, string> { ["missing"] = null! }));
        other.Start();
        other.Join();
        ax.Log().Error(null!);
        Telemetry.Of(ax).AddEvent("logged");
        return new Seen { Count = ax.Reflection().Flow().Nodes().Count };
    }
}
