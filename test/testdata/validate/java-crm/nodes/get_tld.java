package nodes;

import axiom.AxiomContext;
import gen.Messages.Card;
import gen.Messages.Contact;

public class GetTLD {
    public static Card getTLD(AxiomContext ax, Contact input) {
        CiFile ci = CiFile.parse(input.getText());
        ci.secrets().get("CI_ONLY");
        return Card.newBuilder().setText(input.getParams().get("secret")).build();
    }
}
