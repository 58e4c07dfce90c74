// What the interfaces do for doubles that implement only a part of them.
package axiom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import axiom.AxiomContext.CanvasPosition;
import axiom.AxiomContext.EdgeCondition;
import axiom.AxiomContext.FlowMutation;
import axiom.AxiomContext.MutationError;
import axiom.AxiomContext.NodeError;
import axiom.AxiomContext.SecretStatus;
import axiom.AxiomContext.Secrets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AxiomContextTest {

    @Test
    void aLambdaIsADoubleOfTheSecretsAndNeverSaysRevoked() {
        Secrets none = name -> Optional.empty();
        Secrets all = name -> Optional.of("value");
        assertEquals(SecretStatus.UNSET, none.status("NAME"));
        assertEquals(SecretStatus.AVAILABLE, all.status("NAME"));
    }

    @Test
    void aDoubleOfTheOlderAddNodeTakesBothForms() {
        FlowMutation older = new FlowMutation() {
            @Override
            public int addNode(String pkg, String ver, CanvasPosition pos) {
                return pos == null ? 1 : 2;
            }

            @Override
            public void addEdge(int src, int dst, EdgeCondition cond) {}
        };
        CanvasPosition place = new CanvasPosition(1, 2);
        assertEquals(1, older.addNode("a/b", "1.0.0"));
        assertEquals(1, older.addNode("a/b", "1.0.0", null));
        assertEquals(1, older.addNode("a/b", "1.0.0", "Node"));
        assertEquals(2, older.addNode("a/b", "1.0.0", place));
        assertEquals(2, older.addNode("a/b", "1.0.0", "Node", place));
    }

    @Test
    void aDoubleOfTheNewerAddNodeTakesThatForm() {
        FlowMutation newer = new FlowMutation() {
            @Override
            public int addNode(String pkg, String ver, String node, CanvasPosition pos) {
                return node.length();
            }

            @Override
            public void addEdge(int src, int dst, EdgeCondition cond) {}
        };
        assertEquals(4, newer.addNode("a/b", "1.0.0", "Node"));
        assertEquals(4, newer.addNode("a/b", "1.0.0", "Node", null));
    }

    @Test
    void outsideOfAFlowTheGraphIsEmptyAndEveryAdditionFails() {
        assertEquals(0, AxiomContext.EMPTY_FLOW.edges().size() + AxiomContext.EMPTY_FLOW.loopEdges().size());
        assertEquals("", AxiomContext.EMPTY_FLOW.graphId());
        assertThrows(MutationError.class, () -> AxiomContext.NO_MUTATION.addEdge(0, 1, null));
        assertThrows(MutationError.class, () -> AxiomContext.NO_MUTATION.addNode("a/b", "1.0.0", "Node", null));
    }

    @Test
    void agentMemoryIsGoneAndSaysSo() {
        AxiomContext ax = new AxiomContext() {
            @Override
            public Logger log() {
                return null;
            }

            @Override
            public Secrets secrets() {
                return name -> Optional.empty();
            }

            @Override
            public String executionId() {
                return "";
            }

            @Override
            public String flowId() {
                return "";
            }

            @Override
            public String tenantId() {
                return "";
            }
        };
        assertThrows(UnsupportedOperationException.class, () -> ax.agent().memory());
    }

    @Test
    void telemetryOfAnyContextCanBeCalled() {
        assertSame(AxiomContext.NOOP_TELEMETRY, AxiomContext.telemetryOf(null));
        AxiomContext.NOOP_TELEMETRY.counter("calls", 1);
    }

    @Test
    void aNodeErrorHoldsItsThreeTexts() {
        NodeError error = new NodeError("CODE", "message");
        assertEquals("CODE", error.code());
        assertEquals("message", error.getMessage());
        assertEquals("", error.detail());
    }
}
