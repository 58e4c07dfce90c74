// Reads in many shapes, one a line; what is expected of each stands in expected.json.
package nodes;
public class Greet {
  public static B greet(AxiomContext ax, A in) {
    Optional<String> key = ax.secrets().get("K");
    if (key.isEmpty()) { ax.log().error("K missing", Map.of("present", String.valueOf(key.isPresent()))); return B.newBuilder().setError("K is not configured").build(); }
    String k = key.get();
    ax.log().info("have " + k.length() + " " + k.isBlank() + " " + k.startsWith("sk-") + " " + k.equals(in.getText()));
    Client c = new Client(k, "x");
    String text = c.call(in.getText());
    ax.log().info("called", Map.of("base", c.base(), "n", Integer.toString(c.count)));
    HttpRequest r = HttpRequest.newBuilder().header("Authorization", "Bearer " + k).build();
    HttpResponse<String> resp = client.send(r, BodyHandlers.ofString());
    B.Builder b = B.newBuilder().setText(resp.body().replace(k, "***")).setOk(key.isPresent()).setN(k.length()).setOther(text);
    try { use(k); } catch (Exception e) { ax.log().error(e.getMessage()); b.setError(e.toString()); }
    key.ifPresent(v -> c.call(v));
    String status = key.map(v -> "set").orElse("unset");
    b.setStatus(status);
    int n = key.map(String::length).orElse(0);
    ax.log().info("n", Map.of("n", "" + n, "status", status));
    return b.build();
  }
  static void use(String k) {}
  static class Client { private final String key; private final String base; int count; Client(String key, String base) { this.key = key; this.base = base; } String base() { return base; } String call(String s) { count++; return s; } }
}
