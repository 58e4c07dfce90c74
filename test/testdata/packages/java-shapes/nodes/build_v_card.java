package nodes;

import axiom.AxiomContext;
import axiom.SecretNames;
import gen.Messages.CardText;
import gen.Messages.Person;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;

/** public class Decoy { a comment is no code } */
public class BuildVCard {

    public static CardText buildVCard(AxiomContext ax, Person input) {
        ax.log().info("buildVCard handling", Map.of("city", input.getHome().getCity()));
        String key = ax.secrets().get(SecretNames.CARD_SIGNING_KEY).orElse("");
        if (input.getName().isEmpty()) {
            throw new AxiomContext.NodeError("NO_NAME", "a card needs a name");
        }
        String card = VCardHelper.lines("BEGIN:VCARD", "FN:" + input.getName(), "END:VCARD");
        return CardText.newBuilder().setText(card + DigestUtils.md5Hex(card + key)).build();
    }
}
