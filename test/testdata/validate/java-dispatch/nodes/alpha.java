package nodes;
public class Alpha { public static B alpha(axiom.AxiomContext ax, A in) { use(new Job.AlphaJob(ax).run()); return null; } }
