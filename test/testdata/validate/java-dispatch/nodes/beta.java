package nodes;
public class Beta { public static B beta(axiom.AxiomContext ax, A in) { Job j = new Job.BetaJob(ax); use(j.run()); return null; } }
