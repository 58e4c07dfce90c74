package nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import gen.Messages.Parcel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import javax.annotation.PostConstruct;

/** Where a parcel goes, and what that costs. */
sealed interface Tariff permits Tariff.ToCountry, Tariff.ToDepot {
    record ToCountry(String country, double kilos) implements Tariff {}

    record ToDepot(String code, double kilos) implements Tariff {
        public ToDepot {
            if (code.isBlank()) throw new IllegalArgumentException("a depot has a code");
        }
    }

    JsonNode RATES = Rates.read();

    static Tariff of(Parcel parcel) {
        return switch (parcel.getToCase()) {
            case COUNTRY -> new ToCountry(parcel.getCountry(), parcel.getKilos());
            case DEPOT -> new ToDepot(parcel.getDepot().getCode(), parcel.getKilos());
            case TO_NOT_SET -> throw new IllegalArgumentException("a parcel goes somewhere");
        };
    }

    default long cents() {
        return switch (this) {
            case ToCountry(String country, double kilos) when kilos > 20 -> 2 * rate(country, kilos);
            case ToCountry(String country, double kilos) -> rate(country, kilos);
            case ToDepot to -> rate("depot", to.kilos());
        };
    }

    private static long rate(String key, double kilos) {
        return Math.round(RATES.path(key).asDouble(1000) * kilos);
    }
}

/** A second class of the same file. */
final class Rates {
    private Rates() {}

    static JsonNode read() {
        try (InputStream rates = Rates.class.getResourceAsStream("/rates/rates.json")) {
            return new ObjectMapper().readTree(rates);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @PostConstruct
    void warm() {}
}
