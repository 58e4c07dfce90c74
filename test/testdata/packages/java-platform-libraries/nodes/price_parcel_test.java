package nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gen.Messages.Parcel;
import java.io.InputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PriceParcelTest {
    @ParameterizedTest(name = "{0} kilos to {1}")
    @CsvSource({"2, fr, 600", "30, fr, 18000", "1, xx, 1000"})
    void byCountry(double kilos, String country, long cents) throws Exception {
        Parcel parcel = Parcel.newBuilder().setKilos(kilos).setCountry(country).build();
        assertThat(PriceParcel.priceParcel(new Doubles.Quiet(), parcel).getCents()).isEqualTo(cents);
    }

    static Stream<Arguments> extras() {
        return Stream.of(Arguments.of("bubble wrap", 50), Arguments.of("insurance", 700));
    }

    @ParameterizedTest
    @MethodSource("extras")
    void withExtras(String name, int cents) throws Exception {
        Parcel parcel = Parcel.newBuilder()
                .setDepot(Parcel.Depot.newBuilder().setCode("LYS"))
                .setKilos(1)
                .putExtras(name, cents)
                .build();
        assertThat(PriceParcel.priceParcel(new Doubles.Quiet(), parcel).getCents()).isEqualTo(120 + cents);
    }

    @Nested
    class Refuses {
        @Test
        void aParcelToNowhere() throws Exception {
            try (InputStream nowhere = getClass().getResourceAsStream("/nowhere.txtpb")) {
                Parcel parcel = com.google.protobuf.TextFormat.parse(new String(nowhere.readAllBytes()), Parcel.class);
                assertThrows(
                        IllegalArgumentException.class, () -> PriceParcel.priceParcel(new Doubles.Quiet(), parcel));
            }
        }
    }
}
