package nodes;
import axiom.AxiomContext;
abstract class Job {
  protected final AxiomContext ax;
  Job(AxiomContext ax) { this.ax = ax; }
  abstract String keyName();
  void setup() {}
  String run() { setup(); String v = ax.secrets().get(keyName()).orElse(""); ax.secrets().get("K_SHARED"); return v; }
  static final class AlphaJob extends Job { AlphaJob(AxiomContext ax) { super(ax); } @Override String keyName() { return "K_ALPHA"; } }
  static final class BetaJob extends Job { private final String n; BetaJob(AxiomContext ax) { this(ax, "K_BETA"); } BetaJob(AxiomContext ax, String n) { super(ax); this.n = n; } @Override String keyName() { return n; } @Override void setup() { ax.secrets().get("K_BETA_SETUP"); } }
}
