package nodes;

import axiom.AxiomContext;
import gen.Messages.Card;
import gen.Messages.Contact;
import java.util.Map;
import java.util.Optional;

public class BuildVCard {

    /** Words only: {@code ax.secrets().get("DOC_ONLY")}. */
    public static Card buildVCard(AxiomContext ax, Contact input) {
        ax.log().info("buildVCard handling", Map.of());
        Optional<String> token = ax.secrets().get(Names.TOKEN);
        if (token.isEmpty()) {
            return Card.newBuilder().setError("CRM_TOKEN is not configured").build();
        }
        String region = Names.require(ax, "CRM_REGION");
        String url = ax.secrets()
                .get("CRM_URL")
                .orElse("https://crm.example");
        return Card.newBuilder()
                .setText(Crm.load(token.get(), region))
                .setNote("from " + url)
                .build();
    }
}
