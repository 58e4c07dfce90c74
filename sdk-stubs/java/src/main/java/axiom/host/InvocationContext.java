// What a handler sees of its invocation.
package axiom.host;

import axiom.AxiomContext;
import axiom.host.wire.NodeProto.ExecutionContext;

/** Made when an invocation starts, closed when its handler has returned. */
final class InvocationContext implements AxiomContext, AutoCloseable {
    private final String executionId;
    private final String flowId;
    private final String tenantId;
    private final InvocationSecrets secrets;
    private final InvocationLogger log;

    InvocationContext(ExecutionContext execution, Events events) {
        this.executionId = execution.getExecutionId();
        this.flowId = execution.getFlowId();
        this.tenantId = execution.getTenantId();
        this.secrets = new InvocationSecrets(execution, events);
        this.log = new InvocationLogger(events);
    }

    @Override
    public Logger log() {
        return log;
    }

    @Override
    public Secrets secrets() {
        return secrets;
    }

    @Override
    public String executionId() {
        return executionId;
    }

    @Override
    public String flowId() {
        return flowId;
    }

    @Override
    public String tenantId() {
        return tenantId;
    }

    @Override
    public void close() {
        secrets.forget();
    }

    @Override
    public String toString() {
        return "AxiomContext[executionId=" + executionId + ", flowId=" + flowId + ", tenantId=" + tenantId + "]";
    }
}
