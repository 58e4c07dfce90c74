package nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gen.Messages.Parcel;
import org.junit.jupiter.api.Test;

public class QuoteJSONTest {
    @Test
    public void saysThePrice() throws Exception {
        Parcel parcel = Parcel.newBuilder().setKilos(1).setCountry("fr").build();
        assertEquals("{\"cents\":\"300\"}", QuoteJSON.quoteJSON(new Doubles.Quiet(), parcel).getJson());
    }
}
