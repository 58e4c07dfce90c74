// Reads by the constants that axiom generate makes of declared names; their own file is not checked in.
using Axiom;
using Gen;
namespace Nodes;
public static class GreetNode {
    public static B Greet(IAxiomContext ax, A input) {
        var (k, f) = ax.Secrets().Get(SecretNames.GREETER_KEY);
        var p = ax.Secrets().Get(Axiom.SecretNames.SMTP_PASSWORD);
        var q = ax.Secrets().Get(global::Axiom.SecretNames.OTHER);
        return new B();
    }
}
