using System.Threading.Tasks;
using Axiom;
using Gen;
using Imports.Acme.Geo;

namespace Nodes;

public static class LocateCardNode
{
    public static async Task<CardText> LocateCard(IAxiomContext ax, Place input)
    {
        await Task.Yield();
        return new CardText { Text = $"in {input.City}" };
    }
}
