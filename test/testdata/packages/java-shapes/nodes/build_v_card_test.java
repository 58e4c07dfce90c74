package nodes;

import static org.junit.jupiter.api.Assertions.*;

import axiom.AxiomContext;
import gen.Messages.Person;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

public class BuildVCardTest {

    // The older form: addNode without a node's name, secrets as a lambda.
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
        public String executionId() { return "test-execution-id"; }
        public String flowId() { return "test-flow-id"; }
        public String tenantId() { return "test-tenant-id"; }
        public Reflection reflection() {
            return () -> new FlowReflection() {
                public List<ReflectionNode> nodes() { return List.of(); }
                public List<ReflectionEdge> edges() { return List.of(); }
                public List<ReflectionEdge> loopEdges() { return List.of(); }
                public FlowPosition position() { return new FlowPosition(0, 0, Map.of(), List.of()); }
                public String graphId() { return ""; }
            };
        }
        public Mutation mutation() {
            return () -> new FlowMutation() {
                public int addNode(String pkg, String ver, CanvasPosition pos) { return 7; }
                public void addEdge(int src, int dst, EdgeCondition cond) {}
            };
        }
    }

    @Test
    public void namesThePerson() {
        AxiomContext ax = new TestContext();
        assertTrue(BuildVCard.buildVCard(ax, Person.newBuilder().setName("Ada").build()).getText().contains("FN:Ada"));
        assertEquals(AxiomContext.SecretStatus.UNSET, ax.secrets().status("CARD_SIGNING_KEY"));
    }

    @Test
    public void takesBothFormsOfAddNode() {
        AxiomContext.FlowMutation flow = new TestContext().mutation().flow();
        assertEquals(7, flow.addNode("acme/other", "1.0.0", null));
        assertEquals(7, flow.addNode("acme/other", "1.0.0", new AxiomContext.CanvasPosition(1, 2)));
        assertEquals(7, flow.addNode("acme/other", "1.0.0", "Other", new AxiomContext.CanvasPosition(1, 2, 3, 4)));
        assertEquals(7, flow.addNode("acme/other", "1.0.0", "Other"));
    }

    @Test
    public void refusesAPersonWithoutAName() {
        AxiomContext.NodeError refused = assertThrows(
                AxiomContext.NodeError.class,
                () -> BuildVCard.buildVCard(new TestContext(), Person.getDefaultInstance()));
        assertEquals("NO_NAME", refused.code());
    }
}
