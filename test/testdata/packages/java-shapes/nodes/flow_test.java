package nodes;

import axiom.AxiomContext;
import gen.Messages.CardText;
import gen.Messages.Person;

public class FlowTest {
    public static CardText flowTest(AxiomContext ax, Person input) {
        int nodes = ax.reflection().flow().nodes().size();
        return CardText.newBuilder().setText(input.getName() + nodes).build();
    }
}
