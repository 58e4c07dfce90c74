package nodes;

import axiom.AxiomContext;
import java.util.HashMap;
import java.util.Map;

class Crm {
    private final AxiomContext ax;
    private final String keyName;
    private final Map<String, String> cache = new HashMap<>();

    Crm(AxiomContext ax, String keyName) {
        this.ax = ax;
        this.keyName = keyName;
    }

    static String load(String token, String region) {
        return region + token.length();
    }

    String sync() {
        var secrets = ax.secrets();
        String key = secrets.get(keyName).orElse("");
        cache.get("secret");
        return key.isEmpty() ? cached("x") : Names.tenant(secrets);
    }

    private String cached(String name) {
        return cache.getOrDefault(name, "");
    }
}
