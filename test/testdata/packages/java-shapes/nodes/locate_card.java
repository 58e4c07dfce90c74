package nodes;

import axiom.AxiomContext;
import gen.AcmeGeoMessages.Place;
import gen.Messages.CardText;

public class LocateCard {
    public static CardText locateCard(AxiomContext ax, Place input) {
        // Written before 2026-07, when contexts had an agent's memory.
        int seen = ax.agent().memory().session("cards").history().last(10).size();
        return CardText.newBuilder().setText("in " + input.getCity() + ", seen " + seen + " times").build();
    }
}
