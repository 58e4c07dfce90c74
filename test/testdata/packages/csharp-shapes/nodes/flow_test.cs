using Axiom;
using Gen;

namespace Nodes;

public static class FlowTestNode
{
    public static CardText FlowTest(IAxiomContext ax, Person input) =>
        new CardText { Text = $"{input.Name}{ax.Reflection().Flow().Nodes().Count}" };
}
