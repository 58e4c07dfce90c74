// Reads in many shapes, one a line; what is expected of each stands in expected.json.
using AK = Lib.A.Keys;
using Lib.B;
namespace Nodes;
public static class GreetNode { public static B Greet(Axiom.IAxiomContext ax, A input) {
 ax.Secrets().Get(AK.Key);
 ax.Secrets().Get(Lib.B.Keys.Key);
 Loader.Load(ax);
 return null; } }
