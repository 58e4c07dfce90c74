package nodes;

import axiom.AxiomContext;
import gen.Messages.Parcel;
import gen.Messages.Price;

public class PriceParcel {
    public static Price priceParcel(AxiomContext ax, Parcel input) throws Exception {
        int extras = input.getExtrasMap().values().stream().mapToInt(Integer::intValue).sum();
        ax.log().info("pricing", java.util.Map.of("to", input.getToCase().name()));
        return Price.newBuilder().setCents(Tariff.of(input).cents() + extras).build();
    }
}
