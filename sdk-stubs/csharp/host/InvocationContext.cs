// What a handler sees of its invocation.
namespace Axiom.Host;

using WireContext = Axiom.Host.Wire.ExecutionContext;

/// <summary>Made when an invocation starts, disposed when its handler has returned.</summary>
internal sealed class InvocationContext(WireContext? execution, IEvents events) : IAxiomContext, IDisposable
{
    private readonly string executionId = execution?.ExecutionId ?? "";
    private readonly string flowId = execution?.FlowId ?? "";
    private readonly string tenantId = execution?.TenantId ?? "";
    private readonly InvocationSecrets secrets = new(execution ?? new WireContext(), events);
    private readonly InvocationLogger log = new(events);

    public IAxiomContext.ILogger Log() => log;

    public IAxiomContext.ISecrets Secrets() => secrets;

    public string ExecutionId() => executionId;

    public string FlowId() => flowId;

    public string TenantId() => tenantId;

    public void Dispose() => secrets.Forget();

    public override string ToString() => $"AxiomContext[executionId={executionId}, flowId={flowId}, tenantId={tenantId}]";
}
