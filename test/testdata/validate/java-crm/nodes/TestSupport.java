package nodes;

import axiom.AxiomContext;

final class TestSupport {
    static String touch(AxiomContext ax) {
        return ax.secrets().get("SUPPORT_ONLY").orElse("");
    }
}
