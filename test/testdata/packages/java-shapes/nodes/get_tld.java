package nodes;

import axiom.AxiomContext;
import gen.Messages.CardText;

public class GetTLD {
    public static CardText getTLD(AxiomContext ax, CardText input) {
        String[] labels = input.getText().split("\\.");
        return CardText.newBuilder().setText(labels[labels.length - 1]).build();
    }
}
