package nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gen.Messages.CardText;
import org.junit.jupiter.api.Test;

class GetTLDTest {
    @Test
    void takesTheLastLabel() {
        CardText name = CardText.newBuilder().setText("cards.example.org").build();
        assertEquals("org", GetTLD.getTLD(TestSupport.ax(), name).getText());
        assertEquals(4, TestSupport.ax().mutation().flow().addNode("acme/other", "1.0.0", "Other", null));
    }
}
