// The double of generated tests obeys the same facts as the real accessor.
package nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import axiom.AxiomContext;
import axiom.AxiomContext.SecretStatus;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestContextTest {

    @ParameterizedTest
    @ValueSource(strings = {"plain", "a\r\nb\n", "a\0b", "🔑 שלום", ""})
    void givesTestValuesUnchanged(String value) {
        AxiomContext ax = new TestContext(Map.of("NAME", value), Set.of());
        assertEquals(Optional.of(value), ax.secrets().get("NAME"));
        assertEquals(SecretStatus.AVAILABLE, ax.secrets().status("NAME"));
    }

    @Test
    void findsNothingForMissingAndEmptyAndNullNames() {
        AxiomContext ax = new TestContext();
        for (String name : new String[] {"NAME", "", null}) {
            assertEquals(Optional.empty(), ax.secrets().get(name));
            assertEquals(SecretStatus.UNSET, ax.secrets().status(name));
        }
    }

    @Test
    void aRevokedNameIsNotFoundEvenWhereItHasAValue() {
        AxiomContext ax = new TestContext(Map.of("NAME", "value"), Set.of("NAME"));
        assertEquals(Optional.empty(), ax.secrets().get("NAME"));
        assertEquals(SecretStatus.REVOKED, ax.secrets().status("NAME"));
    }

    @Test
    void readsItsTestIdsAndPrintsNoValue() {
        AxiomContext ax = new TestContext(Map.of("NAME", "value"), Set.of());
        assertEquals("test-execution-id", ax.executionId());
        assertEquals("test-flow-id", ax.flowId());
        assertEquals("test-tenant-id", ax.tenantId());
        assertFalse(ax.toString().contains("value"));
    }

    @Test
    void standsInAnEmptyFlowThatTakesNoNodes() {
        AxiomContext ax = new TestContext();
        assertEquals(0, ax.reflection().flow().nodes().size());
        ax.mutation().flow().addEdge(0, 1, null);
        assertThrows(AxiomContext.MutationError.class, () -> ax.mutation().flow().addNode("a/b", "1.0.0"));
    }
}
