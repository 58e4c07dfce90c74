// Reads in many shapes, one a line; what is expected of each stands in expected.json.
package nodes;
public class Greet {
  enum Three { A("K_THREE"); final String name; Three(String name) { this.name = name; } String key() { return name; } public String getName() { return this.name; } }
  enum Four { A { String key() { return "K_FOUR"; } }; abstract String key(); }
  interface WithKey { AxiomContext context(); default String key(String name) { return context().secrets().get(name).orElse(""); } }
  record Holder(AxiomContext context) implements WithKey {}
  enum Plain { PLAIN_A, PLAIN_B }
  public static B greet(AxiomContext ax, A in) {
    ax.secrets().get(Three.A.key());
    ax.secrets().get(Three.A.getName());
    Optional.of(ax).map(AxiomContext::secrets).flatMap(s -> s.get("B_OPTIONAL"));
    new Holder(ax).key("B_DEFAULT");
    new Holder(ax).context().secrets().get("HC");
    Arrays.stream(Plain.values()).map(Plain::name).forEach(ax.secrets()::get);
    return null;
  }
}
