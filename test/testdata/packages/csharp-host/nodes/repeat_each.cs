using Axiom;
using Gen;

namespace Nodes;

public static class RepeatEachNode
{
    public static async IAsyncEnumerable<Seen> RepeatEach(IAxiomContext ax, IAsyncEnumerable<Probe> inputs)
    {
        await foreach (var input in inputs)
        {
            var (value, found) = ax.Secrets().Get("API_KEY");
            if (input.Times < 0)
            {
                throw new NodeError("NEGATIVE", "no output stands less than once", value);
            }

            for (var i = 0; i < input.Times; i++)
            {
                yield return new Seen { Text = input.Text, Found = found, Count = i };
            }
        }
    }
}
