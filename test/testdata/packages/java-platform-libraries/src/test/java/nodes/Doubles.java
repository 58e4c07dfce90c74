package nodes;

import axiom.AxiomContext;
import java.util.Map;
import java.util.Optional;

/** What the tests share, where Maven has it. */
final class Doubles {
    private Doubles() {}

    record Quiet(String executionId, String flowId, String tenantId) implements AxiomContext {
        Quiet() {
            this("test-execution-id", "test-flow-id", "test-tenant-id");
        }

        @Override
        public Logger log() {
            return new Logger() {
                @Override public void debug(String msg, Map<String, String> attrs) {}

                @Override public void info(String msg, Map<String, String> attrs) {}

                @Override public void warn(String msg, Map<String, String> attrs) {}

                @Override public void error(String msg, Map<String, String> attrs) {}
            };
        }

        @Override
        public Secrets secrets() {
            return name -> Optional.empty();
        }
    }
}
