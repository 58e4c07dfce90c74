package nodes;

import axiom.AxiomContext;
import gen.Messages.Card;
import gen.Messages.Contact;
import java.util.List;

public class SyncContacts {
    private static final List<String> OPTIONAL = List.of("CRM_PROXY", "CRM_PROXY_PASSWORD");

    public static Card syncContacts(AxiomContext ax, Contact input) {
        Crm crm = new Crm(ax, "CRM_TOKEN");
        for (String name : OPTIONAL) {
            if (ax.secrets().get(name).isPresent()) {
                ax.log().info("using " + name);
            }
        }
        ax.secrets().get(input.getSecretName()).ifPresent(value -> ax.log().info("got " + value));
        return Card.newBuilder().setText(crm.sync()).build();
    }
}
