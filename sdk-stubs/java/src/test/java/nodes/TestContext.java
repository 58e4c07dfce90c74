// The double that `axiom generate` writes into each node's test, nested in its class.
package nodes;

import axiom.AxiomContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A context with test values: {@code new TestContext(Map.of("NAME", "value"), Set.of("REVOKED_NAME"))}. */
final class TestContext implements AxiomContext {
    private final Map<String, String> secretsMap;
    private final Set<String> revokedNames;

    TestContext() {
        this(Map.of(), Set.of());
    }

    TestContext(Map<String, String> secretsMap, Set<String> revokedNames) {
        this.secretsMap = secretsMap;
        this.revokedNames = revokedNames;
    }

    @Override
    public Logger log() {
        return new Logger() {
            @Override
            public void debug(String msg, Map<String, String> attrs) {}

            @Override
            public void info(String msg, Map<String, String> attrs) {}

            @Override
            public void warn(String msg, Map<String, String> attrs) {}

            @Override
            public void error(String msg, Map<String, String> attrs) {}
        };
    }

    @Override
    public Secrets secrets() {
        return new Secrets() {
            @Override
            public Optional<String> get(String name) {
                boolean there = name != null && !isRevoked(name);
                return there ? Optional.ofNullable(secretsMap.get(name)) : Optional.empty();
            }

            @Override
            public SecretStatus status(String name) {
                if (name != null && isRevoked(name)) {
                    return SecretStatus.REVOKED;
                }
                return get(name).isPresent() ? SecretStatus.AVAILABLE : SecretStatus.UNSET;
            }

            private boolean isRevoked(String name) {
                return revokedNames.contains(name);
            }
        };
    }

    @Override
    public String executionId() {
        return "test-execution-id";
    }

    @Override
    public String flowId() {
        return "test-flow-id";
    }

    @Override
    public String tenantId() {
        return "test-tenant-id";
    }

    @Override
    public Reflection reflection() {
        return () -> new FlowReflection() {
            @Override
            public List<ReflectionNode> nodes() {
                return List.of();
            }

            @Override
            public List<ReflectionEdge> edges() {
                return List.of();
            }

            @Override
            public List<ReflectionEdge> loopEdges() {
                return List.of();
            }

            @Override
            public FlowPosition position() {
                return new FlowPosition(0, 0, Map.of(), List.of());
            }

            @Override
            public String graphId() {
                return "";
            }
        };
    }

    @Override
    public Mutation mutation() {
        return () -> (src, dst, condition) -> {};
    }

    @Override
    public String toString() {
        return "[REDACTED]";
    }
}
