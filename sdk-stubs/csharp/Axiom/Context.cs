// What node code can reach. `axiom generate` copies this file into packages.
#nullable enable
namespace Axiom;

using System;
using System.Collections.Generic;

/// <summary>
/// What a handler can reach: one context for each invocation.
/// <code>
/// var (key, found) = ax.Secrets().Get("OPENAI_KEY");
/// ax.Log().Info("asking the model");
/// </code>
/// Nothing is ever added as a member that must be implemented, because packages carry test doubles that
/// implement these interfaces by hand.
/// </summary>
public interface IAxiomContext
{
    /// <summary>Log records that stand with this execution in execution and debug views.</summary>
    ILogger Log();

    /// <summary>The secrets of this execution.</summary>
    ISecrets Secrets();

    /// <summary>The id of the run of the flow that this invocation belongs to.</summary>
    string ExecutionId();

    /// <summary>The flow's id.</summary>
    string FlowId();

    /// <summary>The id of the tenant that the execution belongs to.</summary>
    string TenantId();

    /// <summary>A read-only view of the running flow; empty outside of one.</summary>
    IReflection Reflection() => NoFlow.Instance;

    /// <summary>Additions to the running flow; every one fails with a <see cref="MutationError"/> outside of one.</summary>
    IMutation Mutation() => NoFlow.Instance;

    /// <summary>Writes structured log records. Do not log a secret.</summary>
    public interface ILogger
    {
        void Debug(string msg, IDictionary<string, string>? attrs = null);

        void Info(string msg, IDictionary<string, string>? attrs = null);

        void Warn(string msg, IDictionary<string, string>? attrs = null);

        void Error(string msg, IDictionary<string, string>? attrs = null);
    }

    /// <summary>What is known of a secret beyond whether it has a value.</summary>
    public enum SecretStatus
    {
        /// <summary>Get gives its value.</summary>
        Available,

        /// <summary>It was there when the execution started and has been deleted or revoked since.</summary>
        Revoked,

        /// <summary>It was never there.</summary>
        Unset,
    }

    /// <summary>The secrets of one execution.</summary>
    public interface ISecrets
    {
        /// <summary>The secret's value and true, or an empty text and false. Never throws, never blocks.</summary>
        (string Value, bool Found) Get(string name);

        /// <summary>
        /// Tells a revoked secret from one that was never there. A double that has only Get never says revoked.
        /// </summary>
        SecretStatus Status(string name) => Get(name).Found ? SecretStatus.Available : SecretStatus.Unset;
    }

    /// <summary>A node of the running flow. GridCol is its depth in the flow, GridRow its parallel lane.</summary>
    public record ReflectionNode(
        int InstanceId, string NodeUlid, string Name, string PackageName, string PackageVersion, string NodeType,
        string InputMessageName, string OutputMessageName, string CanvasNodeId, int GridCol, int GridRow);

    /// <summary>When an edge is taken.</summary>
    public record ConditionSummary(string Field, string Op, IReadOnlyList<string> Operands);

    /// <summary>An edge of the running flow; ConditionSummary is null where it is always taken.</summary>
    public record ReflectionEdge(
        int SrcInstance, int DstInstance, string CanvasEdgeId, bool HasCondition, bool HasAdapter, int MaxIterations,
        ConditionSummary? ConditionSummary);

    /// <summary>Where in the flow, and in the flows that it is nested in, this invocation stands.</summary>
    public record FlowPosition(
        int CurrentInstance, int Depth, IReadOnlyDictionary<int, int> LoopIterations,
        IReadOnlyList<string> SubflowStackGraphIds);

    /// <summary>The running flow's graph.</summary>
    public interface IFlowReflection
    {
        IReadOnlyList<ReflectionNode> Nodes();

        IReadOnlyList<ReflectionEdge> Edges();

        IReadOnlyList<ReflectionEdge> LoopEdges();

        FlowPosition Position();

        string GraphId();
    }

    /// <summary>The way to the running flow's graph.</summary>
    public interface IReflection
    {
        IFlowReflection Flow();
    }

    /// <summary>Where an added node is drawn; a grid cell wins over X and Y.</summary>
    public record CanvasPosition(double X, double Y, int GridCol, int GridRow)
    {
        /// <summary>By pixels alone.</summary>
        public CanvasPosition(double x, double y) : this(x, y, 0, 0)
        {
        }
    }

    /// <summary>When an added edge is taken.</summary>
    public record EdgeCondition(string Op, string Field, string Value);

    /// <summary>
    /// Additions to the running flow. Both forms of AddNode are in use: with the node's name and without.
    /// </summary>
    public interface IFlowMutation
    {
        /// <summary>Adds the package's only node; null draws it where there is room. Answers the instance's id.</summary>
        int AddNode(string packageName, string packageVersion, CanvasPosition? canvasPosition) =>
            throw new MutationError($"this flow takes no additions: {packageName} was not added");

        /// <summary>Adds the named node of a package.</summary>
        int AddNode(string packageName, string packageVersion, string nodeName, CanvasPosition? canvasPosition) =>
            AddNode(packageName, packageVersion, canvasPosition);

        /// <summary>Adds an edge between two instances; a null condition always takes it.</summary>
        void AddEdge(int srcInstance, int dstInstance, EdgeCondition? condition);
    }

    /// <summary>The way to the running flow's additions.</summary>
    public interface IMutation
    {
        IFlowMutation Flow();
    }

    /// <summary>Events and measurements of one invocation.</summary>
    public interface ITelemetry
    {
        /// <summary>Records that something happened.</summary>
        void AddEvent(string name, IDictionary<string, string>? attrs = null);

        /// <summary>Adds to a counter of the package's own.</summary>
        void Counter(string name, double value, IDictionary<string, string>? attrs = null);

        /// <summary>Records one measurement of the package's own.</summary>
        void Histogram(string name, double value, IDictionary<string, string>? attrs = null);
    }
}

/// <summary>
/// The failure that a handler means its caller to see: code, message and detail reach them. Any other exception
/// is replaced by one fixed sentence.
/// </summary>
public class NodeError : Exception
{
    /// <summary>The code is the handler's own, for machines; message and detail are for people.</summary>
    public NodeError(string code, string message, string detail = "") : base(message)
    {
        Code = code;
        Detail = detail;
    }

    public string Code { get; }

    public string Detail { get; }
}

/// <summary>A change that the running flow did not take.</summary>
public class MutationError : Exception
{
    public MutationError(string message) : base(message)
    {
    }
}

/// <summary>The way to a context's telemetry; not a member of the context, so that doubles need none.</summary>
public static class Telemetry
{
    /// <summary>What is recorded goes nowhere when the context carries no telemetry.</summary>
    public static IAxiomContext.ITelemetry Of(IAxiomContext ax) =>
        ax is ITelemetryCarrier carrier ? carrier.AxiomTelemetry() : NoTelemetry.Instance;
}

/// <summary>A context that has telemetry.</summary>
internal interface ITelemetryCarrier
{
    IAxiomContext.ITelemetry AxiomTelemetry();
}

internal sealed class NoTelemetry : IAxiomContext.ITelemetry
{
    public static readonly NoTelemetry Instance = new();

    public void AddEvent(string name, IDictionary<string, string>? attrs = null)
    {
    }

    public void Counter(string name, double value, IDictionary<string, string>? attrs = null)
    {
    }

    public void Histogram(string name, double value, IDictionary<string, string>? attrs = null)
    {
    }
}

/// <summary>Where no flow runs: the graph is empty and every addition fails.</summary>
internal sealed class NoFlow
    : IAxiomContext.IReflection, IAxiomContext.IFlowReflection, IAxiomContext.IMutation, IAxiomContext.IFlowMutation
{
    public static readonly NoFlow Instance = new();

    IAxiomContext.IFlowReflection IAxiomContext.IReflection.Flow() => this;

    IAxiomContext.IFlowMutation IAxiomContext.IMutation.Flow() => this;

    public IReadOnlyList<IAxiomContext.ReflectionNode> Nodes() => Array.Empty<IAxiomContext.ReflectionNode>();

    public IReadOnlyList<IAxiomContext.ReflectionEdge> Edges() => Array.Empty<IAxiomContext.ReflectionEdge>();

    public IReadOnlyList<IAxiomContext.ReflectionEdge> LoopEdges() => Array.Empty<IAxiomContext.ReflectionEdge>();

    public IAxiomContext.FlowPosition Position() => new(0, 0, new Dictionary<int, int>(), Array.Empty<string>());

    public string GraphId() => "";

    public void AddEdge(int srcInstance, int dstInstance, IAxiomContext.EdgeCondition? condition) =>
        throw new MutationError("this flow takes no additions: the edge was not added");
}
