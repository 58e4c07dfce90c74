package nodes;

import axiom.AxiomContext;

final class Names {
    static final String TOKEN = "CRM_TOKEN";
    private static final String PREFIX = "CRM_";

    private Names() {}

    static String require(AxiomContext ax, String name) {
        return ax.secrets().get(name).orElseThrow(() -> new IllegalStateException(name + " is not configured"));
    }

    static String tenant(AxiomContext.Secrets secrets) {
        return secrets.get(PREFIX + "TENANT").orElse("");
    }
}
