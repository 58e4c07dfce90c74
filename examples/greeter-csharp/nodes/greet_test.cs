using System.Collections.Generic;
using Axiom;
using Gen;
using Xunit;

namespace Nodes;

public class GreetTest
{
    private static readonly GreetRequest Ada = new() { Name = "Ada" };

    [Fact]
    public void SignsWithTheTenantsSignature()
    {
        var ax = new TestContext(new() { ["GREETER_SIGNATURE"] = "test-sig" });
        Assert.Equal("Hello Ada, from test-sig", GreetNode.Greet(ax, Ada).Greeting);
    }

    [Fact]
    public void SignsAsAnonymousWithoutASignature() =>
        Assert.Equal("Hello Ada, from anonymous", GreetNode.Greet(new TestContext(), Ada).Greeting);

    [Fact]
    public void SignsAsAnonymousWhenTheSignatureWasRevoked()
    {
        var ax = new TestContext(new() { ["GREETER_SIGNATURE"] = "test-sig" }, new() { "GREETER_SIGNATURE" });
        Assert.Equal("Hello Ada, from anonymous", GreetNode.Greet(ax, Ada).Greeting);
    }

    /// <summary>
    /// A context with test values:
    /// <c>new TestContext(new() { ["NAME"] = "value" }, revokedNames: new() { "REVOKED_NAME" })</c>.
    /// </summary>
    private sealed class TestContext : IAxiomContext
    {
        private readonly TestSecrets secrets;

        public TestContext(Dictionary<string, string>? secretsMap = null, HashSet<string>? revokedNames = null) =>
            secrets = new TestSecrets(secretsMap ?? new(), revokedNames ?? new());

        public IAxiomContext.ILogger Log() => new SilentLogger();

        public IAxiomContext.ISecrets Secrets() => secrets;

        public string ExecutionId() => "test-execution-id";

        public string FlowId() => "test-flow-id";

        public string TenantId() => "test-tenant-id";

        public IAxiomContext.IReflection Reflection() => new EmptyFlow();

        public IAxiomContext.IMutation Mutation() => new EmptyFlow();

        public override string ToString() => "[REDACTED]";

        private sealed class SilentLogger : IAxiomContext.ILogger
        {
            public void Debug(string msg, IDictionary<string, string>? attrs = null) { }

            public void Info(string msg, IDictionary<string, string>? attrs = null) { }

            public void Warn(string msg, IDictionary<string, string>? attrs = null) { }

            public void Error(string msg, IDictionary<string, string>? attrs = null) { }
        }

        private sealed class TestSecrets : IAxiomContext.ISecrets
        {
            private readonly Dictionary<string, string> secretsMap;
            private readonly HashSet<string> revokedNames;

            public TestSecrets(Dictionary<string, string> secretsMap, HashSet<string> revokedNames)
            {
                this.secretsMap = secretsMap;
                this.revokedNames = revokedNames;
            }

            public (string Value, bool Found) Get(string name)
            {
                var there = name is not null && !revokedNames.Contains(name);
                return there && secretsMap.TryGetValue(name!, out var value) ? (value, true) : ("", false);
            }

            public IAxiomContext.SecretStatus Status(string name)
            {
                if (name is not null && revokedNames.Contains(name))
                {
                    return IAxiomContext.SecretStatus.Revoked;
                }

                return Get(name!).Found ? IAxiomContext.SecretStatus.Available : IAxiomContext.SecretStatus.Unset;
            }

            public override string ToString() => "[REDACTED]";
        }

        private sealed class EmptyFlow
            : IAxiomContext.IReflection, IAxiomContext.IFlowReflection, IAxiomContext.IMutation, IAxiomContext.IFlowMutation
        {
            IAxiomContext.IFlowReflection IAxiomContext.IReflection.Flow() => this;

            IAxiomContext.IFlowMutation IAxiomContext.IMutation.Flow() => this;

            public IReadOnlyList<IAxiomContext.ReflectionNode> Nodes() => new List<IAxiomContext.ReflectionNode>();

            public IReadOnlyList<IAxiomContext.ReflectionEdge> Edges() => new List<IAxiomContext.ReflectionEdge>();

            public IReadOnlyList<IAxiomContext.ReflectionEdge> LoopEdges() => new List<IAxiomContext.ReflectionEdge>();

            public IAxiomContext.FlowPosition Position() => new(0, 0, new Dictionary<int, int>(), new List<string>());

            public string GraphId() => "";

            public void AddEdge(int src, int dst, IAxiomContext.EdgeCondition? condition) { }
        }
    }
}
