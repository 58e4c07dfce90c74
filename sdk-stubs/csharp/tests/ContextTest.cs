// What the interfaces do for doubles that implement only a part of them.
using Axiom;
using Xunit;

namespace Nodes;

public class ContextTest
{
    private sealed class OnlyGet : IAxiomContext.ISecrets
    {
        public (string Value, bool Found) Get(string name) => name == "NAME" ? ("value", true) : ("", false);
    }

    private sealed class OlderMutation : IAxiomContext.IFlowMutation
    {
        public int AddNode(string pkg, string ver, IAxiomContext.CanvasPosition? pos) => pos is null ? 1 : 2;

        public void AddEdge(int src, int dst, IAxiomContext.EdgeCondition? cond) { }
    }

    private sealed class NewerMutation : IAxiomContext.IFlowMutation
    {
        public int AddNode(string pkg, string ver, string node, IAxiomContext.CanvasPosition? pos) => node.Length;

        public void AddEdge(int src, int dst, IAxiomContext.EdgeCondition? cond) { }
    }

    [Fact]
    public void ADoubleThatHasOnlyGetNeverSaysRevoked()
    {
        IAxiomContext.ISecrets secrets = new OnlyGet();
        Assert.Equal(IAxiomContext.SecretStatus.Available, secrets.Status("NAME"));
        Assert.Equal(IAxiomContext.SecretStatus.Unset, secrets.Status("OTHER"));
    }

    [Fact]
    public void BothFormsOfAddNodeCompile()
    {
        IAxiomContext.IFlowMutation older = new OlderMutation();
        Assert.Equal(1, older.AddNode("a/b", "1.0.0", null));
        Assert.Equal(2, older.AddNode("a/b", "1.0.0", "Node", new IAxiomContext.CanvasPosition(1, 2)));
        IAxiomContext.IFlowMutation newer = new NewerMutation();
        Assert.Equal(4, newer.AddNode("a/b", "1.0.0", "Node", null));
    }

    [Fact]
    public void OutsideOfAFlowTheGraphIsEmptyAndEveryAdditionFails()
    {
        IAxiomContext ax = new TestContext();
        Assert.Empty(ax.Reflection().Flow().Nodes());
        Assert.Throws<MutationError>(() => ax.Mutation().Flow().AddNode("a/b", "1.0.0", null));
    }

    [Fact]
    public void TelemetryOfAnyContextCanBeCalled() => Telemetry.Of(new TestContext()).AddEvent("called");
}
