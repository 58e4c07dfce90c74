package nodes;

import axiom.AxiomContext;
import com.google.protobuf.util.JsonFormat;
import gen.Messages;

public final class QuoteJSON {
    private QuoteJSON() {}

    public static Messages.Price quoteJSON(AxiomContext ax, Messages.Parcel input) throws Exception {
        Messages.Price price = PriceParcel.priceParcel(ax, input);
        return price.toBuilder().setJson(JsonFormat.printer().omittingInsignificantWhitespace().print(price)).build();
    }
}
