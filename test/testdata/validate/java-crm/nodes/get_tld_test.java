package nodes;

class GetTLDTest {
    void reads(axiom.AxiomContext ax) {
        ax.secrets().get("TEST_ONLY");
    }
}
