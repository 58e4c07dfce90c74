// The secrets of one invocation.
package axiom.host;

import axiom.AxiomContext;
import axiom.host.wire.NodeProto.ExecutionContext;
import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A map look-up: never throws, never waits. Each invocation has its own, so executions cannot cross. */
final class InvocationSecrets implements AxiomContext.Secrets {

    private record Resolved(Map<String, ByteString> values, Set<String> revoked) {
        @Override
        public String toString() {
            return "[REDACTED]";
        }
    }

    private final Events events;
    private volatile Resolved resolved;

    InvocationSecrets(ExecutionContext execution, Events events) {
        this.events = events;
        this.resolved = new Resolved(
                execution.getSecretsMap(), Set.copyOf(execution.getRevokedSecretNamesList()));
    }

    @Override
    public Optional<String> get(String name) {
        if (name == null) {
            return Optional.empty();
        }
        ByteString value = resolved.values().get(name);
        events.read(name, value != null);
        return Optional.ofNullable(value).map(ByteString::toStringUtf8);
    }

    @Override
    public AxiomContext.SecretStatus status(String name) {
        if (name == null) {
            return AxiomContext.SecretStatus.UNSET;
        }
        Resolved now = resolved;
        if (now.values().containsKey(name)) {
            return AxiomContext.SecretStatus.AVAILABLE;
        }
        return now.revoked().contains(name) ? AxiomContext.SecretStatus.REVOKED : AxiomContext.SecretStatus.UNSET;
    }

    /** Drops the values: a context that a handler has kept gives nothing any more. */
    void drop() {
        resolved = new Resolved(Map.of(), Set.of());
    }

    @Override
    public String toString() {
        return "[REDACTED]";
    }
}
