namespace Nodes;
public abstract class Job
{
    protected readonly Axiom.IAxiomContext Ax;
    protected Job(Axiom.IAxiomContext ax) { Ax = ax; }
    protected abstract string KeyName { get; }
    protected virtual void Setup() { }
    public string Run() { Setup(); var (v, _) = Ax.Secrets().Get(KeyName); Ax.Secrets().Get("K_SHARED"); return v; }
}
public sealed class AlphaJob : Job { public AlphaJob(Axiom.IAxiomContext ax) : base(ax) { } protected override string KeyName => "K_ALPHA"; }
public sealed class BetaJob(Axiom.IAxiomContext ax, string n = "K_BETA") : Job(ax) { protected override string KeyName => n; protected override void Setup() => Ax.Secrets().Get("K_BETA_SETUP"); }
