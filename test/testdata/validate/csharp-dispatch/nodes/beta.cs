namespace Nodes;
public static class BetaNode { public static B Beta(Axiom.IAxiomContext ax, A input) { Job j = new BetaJob(ax); Use(j.Run()); return new B(); } }
