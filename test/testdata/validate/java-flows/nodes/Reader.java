package nodes;
import axiom.AxiomContext;
import java.util.*;
import java.util.function.*;
public class Reader {
  private final AxiomContext ax;
  private final AxiomContext.Secrets secrets;
  private String name = "RD_DEF";
  public Reader(AxiomContext ax) { this.ax = ax; secrets = ax.secrets(); }
  public Reader withName(String n) { this.name = n; return this; }
  public Optional<String> own() { return secrets.get(name); }
  public String must(String n) { return ax.secrets().get(n).orElseThrow(() -> new IllegalStateException("no " + n)); }
  public static String need(AxiomContext ax, String n) { return ax.secrets().get(n).orElse(""); }
  public static String need(AxiomContext ax) { return need(ax, "OVER"); }
  static <T> T with(AxiomContext ax, String n, Function<String, T> f) { return ax.secrets().get(n).map(f).orElse(null); }
  static List<String> all(AxiomContext ax, String... names) { List<String> o = new ArrayList<>(); for (String n : names) ax.secrets().get(n).ifPresent(o::add); return o; }
  static String via(Function<String, Optional<String>> get, String n) { return get.apply(n).orElse(null); }
  static String sup(Supplier<AxiomContext> s, String n) { return s.get().secrets().get(n).orElse(null); }
  static class Sub extends Reader { Sub(AxiomContext a) { super(a); } String sub() { return must("SUB"); } }
  abstract static class Tmpl { abstract String key(); String run(AxiomContext ax) { return ax.secrets().get(key()).orElse(""); } }
  static class TA extends Tmpl { String key() { return "TM_A"; } }
  static class TB extends Tmpl { @Override String key() { return "TM_B"; } }
  interface Cred { String secretName(); default String value(AxiomContext ax) { return ax.secrets().get(secretName()).orElse(""); } }
  static class CA implements Cred { public String secretName() { return "CRED"; } }
  static int rec(AxiomContext ax, String n, int d) { if (d == 0) { ax.secrets().get(n); return 0; } return rec(ax, n, d - 1); }
}
