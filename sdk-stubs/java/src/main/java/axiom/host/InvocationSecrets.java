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

    /** No secret's name has more characters. */
    private static final int LONGEST_NAME = 128;

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
        String asked = withinLimit(name);
        ByteString value = resolved.values().get(asked);
        events.read(asked, value != null);
        return Optional.ofNullable(value).map(ByteString::toStringUtf8);
    }

    @Override
    public AxiomContext.SecretStatus status(String name) {
        if (name == null) {
            return AxiomContext.SecretStatus.UNSET;
        }
        String asked = withinLimit(name);
        Resolved now = resolved;
        if (now.values().containsKey(asked)) {
            return AxiomContext.SecretStatus.AVAILABLE;
        }
        return now.revoked().contains(asked) ? AxiomContext.SecretStatus.REVOKED : AxiomContext.SecretStatus.UNSET;
    }

    /** A name that is longer than any, cut so that it is still no secret's name. */
    private static String withinLimit(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME + 1);
    }

    /** Lets go of the values: a context that a handler has kept gives nothing any more. */
    void forget() {
        resolved = new Resolved(Map.of(), Set.of());
    }

    @Override
    public String toString() {
        return "[REDACTED]";
    }
}
