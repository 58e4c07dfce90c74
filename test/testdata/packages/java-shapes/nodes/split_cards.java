package nodes;

import axiom.AxiomContext;
import gen.Messages.CardText;
import java.util.Iterator;
import java.util.function.Consumer;

public class SplitCards {
    public static void splitCards(AxiomContext ax, Iterator<CardText> inputs, Consumer<CardText> emit) {
        inputs.forEachRemaining(input -> {
            for (String text : input.getText().split("\n")) {
                emit.accept(CardText.newBuilder().setText(text).build());
            }
        });
    }
}
