namespace Nodes;
public static class AlphaNode { public static B Alpha(Axiom.IAxiomContext ax, A input) { Use(new AlphaJob(ax).Run()); return new B(); } }
