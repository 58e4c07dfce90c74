// Reads by the constants that axiom generate makes of declared names; their own file is not checked in.
package nodes;
import axiom.AxiomContext;
import axiom.SecretNames;
import static axiom.SecretNames.OTHER;
import gen.Messages.*;
public class Greet {
    public static B greet(AxiomContext ax, A input) {
        String k = ax.secrets().get(SecretNames.GREETER_KEY).orElse("");
        var p = ax.secrets().get(axiom.SecretNames.SMTP_PASSWORD);
        var q = ax.secrets().get(OTHER);
        return B.newBuilder().build();
    }
}
