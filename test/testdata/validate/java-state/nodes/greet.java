// Reads in many shapes, one a line; what is expected of each stands in expected.json.
package nodes;
import axiom.AxiomContext;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.*;
public final class Greet {
  private static final Map<String, Supplier<String>> NAMES = Map.of("a", () -> "SU_A", "b", () -> "SU_B");
  private static final EnumMap<Kind, String> BY_KIND = new EnumMap<>(Map.of(Kind.X, "EM_X", Kind.Y, "EM_Y"));
  enum Kind { X, Y; String secret() { return "KIND_" + name(); } }
  enum Env { PROD { @Override String key() { return "ENV_PROD"; } }, DEV { @Override String key() { return "ENV_DEV"; } }; abstract String key(); }
  sealed interface Auth permits Basic, Token {}
  record Basic(String user, String pass) implements Auth {}
  record Token(String name) implements Auth {}
  private static AxiomContext.Secrets secrets;
  static class Builder { private final AxiomContext ax; private String name; private final List<String> extra = new ArrayList<>(); Builder(AxiomContext ax) { this.ax = ax; } Builder name(String n) { name = n; return this; } Builder extra(String... ns) { extra.addAll(Arrays.asList(ns)); return this; } String build() { extra.forEach(n -> ax.secrets().get(n)); return ax.secrets().get(name).orElse(""); } }
  interface Handler { String handle(AxiomContext ax); }
  static final Handler H1 = ax -> ax.secrets().get("H_ONE").orElse("");
  static final Handler H2 = new Handler() { @Override public String handle(AxiomContext ax) { return ax.secrets().get("H_TWO").orElse(""); } };
  static String retry(Callable<String> c) throws Exception { return c.call(); }
  static Optional<String> first(AxiomContext ax, List<String> ns) { return ns.stream().map(ax.secrets()::get).filter(Optional::isPresent).map(Optional::get).findFirst(); }
  static Optional<String> either(AxiomContext ax, String a, String b) { return ax.secrets().get(a).or(() -> ax.secrets().get(b)); }
  static String resolve(AxiomContext ax, Auth auth) { if (auth instanceof Token t) return ax.secrets().get(t.name()).orElse(""); if (auth instanceof Basic(String u, String p)) return ax.secrets().get(p).orElse(""); return ""; }
  static String sw(AxiomContext ax, Auth auth) { return switch (auth) { case Token t -> ax.secrets().get(t.name()).orElse(""); case Basic b -> ax.secrets().get(b.pass()).orElse(""); }; }
  static Function<String, String> reader(AxiomContext ax) { return n -> ax.secrets().get(n).orElse(null); }
  public static B greet(AxiomContext ax, A input) throws Exception {
    for (Supplier<String> s : NAMES.values()) ax.secrets().get(s.get());
    ax.secrets().get(Kind.X.secret());
    ax.secrets().get(Env.PROD.key());
    new Builder(ax).name("BD").extra("EX_A", "EX_B").build();
    H1.handle(ax); H2.handle(ax);
    retry(() -> ax.secrets().get("RETRY").orElse(""));
    first(ax, List.of("FI_A", "FI_B"));
    either(ax, "EI_A", "EI_B");
    resolve(ax, new Token("RS_T"));
    resolve(ax, new Basic("u", "RS_P"));
    sw(ax, new Token("SW_T"));
    reader(ax).apply("READER");
    reader(ax).andThen(String::trim).apply("AND");
    secrets = ax.secrets(); secrets.get("STATIC");
    CompletableFuture.supplyAsync(() -> ax.secrets().get("ASYNC")).join();
    try (var r = new Res(ax)) { r.read("RES"); }
    var names = new ArrayList<String>(); names.add("AL_A"); names.add("AL_B"); for (var n : names) ax.secrets().get(n);
    Iterator<String> it = List.of("IT_A", "IT_B").iterator(); while (it.hasNext()) ax.secrets().get(it.next());
    StringBuilder sb = new StringBuilder("SB_"); sb.append("KEY"); ax.secrets().get(sb.toString());
    ax.secrets().get("CONCAT_".concat("X"));
    ax.secrets().get(String.valueOf("VALOF"));
    ax.secrets().get(input.getUse() ? Kind.X.secret() : "TERN");
    do { ax.secrets().get("DO"); } while (false);
    synchronized (Greet.class) { ax.secrets().get("SYNC"); }
    int x = 0; x += ax.secrets().get("PLUSEQ").isPresent() ? 1 : 0;
    Object o = ax; ((AxiomContext) o).secrets().get("CASTO");
    String v = ax.secrets().get("CAUGHT").orElseThrow();
    try { call(v); } catch (Exception e) { ax.log().error("failed: " + e.getMessage()); }
    ax.log().info("len", Map.of("n", Integer.toString(v.length())));
    System.out.printf("%s%n", v.isEmpty());
    java.util.logging.Logger.getLogger("x").info(v);
    B.Builder b = B.newBuilder(); b.setOk(!v.isBlank()); b.setText(v);
    return b.build();
  }
  static void call(String v) {}
  static class Res implements AutoCloseable { final AxiomContext c; Res(AxiomContext c) { this.c = c; } String read(String n) { return c.secrets().get(n).orElse(""); } public void close() {} }
}
