// Reads in many shapes, one a line; what is expected of each stands in expected.json.
package nodes;
public class Greet { public static B greet(axiom.AxiomContext ax, A in) {
 ax.secrets().get(Loader.KEY);
 ax.secrets().get(com.acme.util.Loader.KEY);
 Loader.load(ax, "ARG");
 com.acme.util.Loader.load(ax);
 return null; } }
