package nodes;
import axiom.AxiomContext;
import gen.Messages.*;
public class Reuse {
    private static final Map<String, String> KEYS = Map.of("a", "KEY_A", "b", "KEY_B");
    private static Optional<String> find(AxiomContext ax, String... names) {
        for (String n : names) { Optional<String> v = ax.secrets().get(n); if (v.isPresent()) return v; }
        return Optional.empty();
    }
    public static B reuse(AxiomContext ax, A input) {
        String one = find(ax, "ONE", "TWO").orElse("");
        String k = KEYS.get(input.getKind());
        String v = ax.secrets().get(k).map(String::trim).filter(s -> !s.isEmpty()).orElseThrow();
        if (input.getX()) { String key = input.getName(); ax.log().info("name " + key); }
        String key = ax.secrets().get("THREE").orElse(null);
        Client client = Client.builder().apiKey(key).build();
        AxiomContext.Secrets s = ax.secrets();
        boolean has = s.get("FOUR").isPresent();
        ax.log().info("has " + has + key.length());
        return B.newBuilder().setText(client.call(input)).build();
    }
}
