package nodes;
class Loader { static final String KEY = "N_KEY"; static String load(axiom.AxiomContext ax, String n) { return ax.secrets().get(n).orElse(""); } }
