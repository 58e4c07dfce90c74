package nodes;

import static nodes.Keys.*;

import axiom.AxiomContext;
import gen.Messages.In;
import gen.Messages.Out;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

public class FetchAll {
    private enum Provider {
        EU("FETCH_EU_KEY"), US("FETCH_US_KEY");

        final String secret;

        Provider(String secret) {
            this.secret = secret;
        }
    }

    public static Out fetchAll(AxiomContext ax, In input) {
        CompletableFuture<String> token = CompletableFuture.supplyAsync(() -> ax.secrets().get(TOKEN).orElse(""));
        Function<String, Optional<String>> read = ax.secrets()::get;
        read.apply("FETCH_PROXY");
        String eu = ax.secrets().get(Provider.EU.secret).orElse("");
        String name = switch (input.getMode()) {
            case "a" -> "FETCH_MODE_A";
            default -> "FETCH_MODE_B";
        };
        ax.secrets().get(name);
        Map<String, String> attrs = Map.of("token", token.join());
        ax.log().info("fetching", Map.of("eu", eu));
        return Out.newBuilder().setText(String.valueOf(attrs.size())).build();
    }
}
