package nodes;

import axiom.AxiomContext;
import gen.Messages.GreetReply;
import gen.Messages.GreetRequest;

public class Greet {

    /** Greets the caller, signing with the tenant's configured signature. */
    public static GreetReply greet(AxiomContext ax, GreetRequest input) {
        String signature = ax.secrets().get("GREETER_SIGNATURE").orElse("anonymous");
        return GreetReply.newBuilder()
                .setGreeting("Hello " + input.getName() + ", from " + signature)
                .build();
    }
}
