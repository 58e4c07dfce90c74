package util;
import axiom.AxiomContext;
public final class Creds {
    private final AxiomContext ax;
    public Creds(AxiomContext ax) { this.ax = ax; }
    public String key() { return ax.secrets().get("CL1").orElse(""); }
    public static String fetch(AxiomContext ax, String name) { return ax.secrets().get(name).orElseThrow(() -> new IllegalStateException(name)); }
}
