package nodes;

import axiom.AxiomContext;
import gen.AcmeGeoMessages.Place;
import gen.Messages.CardText;

public class LocateCard {
    public static CardText locateCard(AxiomContext ax, Place input) {
        return CardText.newBuilder().setText("in " + input.getCity()).build();
    }
}
