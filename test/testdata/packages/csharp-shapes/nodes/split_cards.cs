using System.Collections.Generic;
using Axiom;
using Gen;

namespace Nodes;

public static class SplitCardsNode
{
    public static async IAsyncEnumerable<CardText> SplitCards(IAxiomContext ax, IAsyncEnumerable<CardText> inputs)
    {
        await foreach (var input in inputs)
        {
            foreach (var text in input.Text.Split('\n'))
            {
                yield return new CardText { Text = text };
            }
        }
    }
}
