package nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import axiom.AxiomContext;
import gen.AcmeGeoMessages.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

public class LocateCardTest {

    // From before 2026-07, when contexts had an agent's memory.
    static final class TestContext implements AxiomContext {
        public Logger log() {
            return new Logger() {
                public void debug(String m, Map<String, String> a) {}
                public void info(String m, Map<String, String> a)  {}
                public void warn(String m, Map<String, String> a)  {}
                public void error(String m, Map<String, String> a) {}
            };
        }
        public Secrets secrets() { return name -> Optional.empty(); }
        public Agent agent() {
            return () -> new AgentMemory() {
                public SessionMemory session(String sessionId) {
                    return new SessionMemory() {
                        public List<MemoryEntry> search(String q, int limit) { return List.of(); }
                        public String write(String content, double importance) { return ""; }
                        public SessionHistory history() {
                            return new SessionHistory() {
                                public List<ConversationTurn> last(int n) { return List.of(); }
                                public void append(String role, String content) {}
                            };
                        }
                        public void end() {}
                    };
                }
                public List<MemoryEntry> search(String q, int limit) { return List.of(); }
                public String write(String content, double importance) { return ""; }
            };
        }
        public String executionId() { return "test-execution-id"; }
        public String flowId() { return "test-flow-id"; }
        public String tenantId() { return "test-tenant-id"; }
    }

    @Test
    public void saysTheCity() {
        Place place = Place.newBuilder().setCity("London").build();
        assertEquals("in London, seen 0 times", LocateCard.locateCard(new TestContext(), place).getText());
    }
}
