using Axiom;
using Gen;

namespace Nodes;

public static class ProbeEachNode
{
    /// <summary>Says for each input what every read answered.</summary>
    public static async IAsyncEnumerable<ProbeReply> ProbeEach(IAxiomContext ax, IAsyncEnumerable<ProbeRequest> inputs)
    {
        await foreach (var input in inputs)
        {
            yield return Readings.ReadAll(ax, input);
        }
    }
}
