// Reads in many shapes, one a line; what is expected of each stands in expected.json.
package nodes;
import axiom.AxiomContext;
import gen.Messages.*;
import java.util.*;
import java.util.stream.*;
import static nodes.Keys.MAIL;
import static nodes.Keys.*;
import nodes.Keys.Kind;
public class Greet {
  private static final String KEY = "OUTER";
  private static final String[] ARR = {"AR_A", "AR_B"};
  record Pair(AxiomContext ax, String n) { Optional<String> read() { return ax.secrets().get(n); } }
  public static B greet(AxiomContext ax, A input) {
    new Reader(ax).own();
    new Reader(ax).withName("RD_WITH").own();
    new Reader(ax).must("MUST");
    Reader.need(ax, "NEED"); Reader.need(ax);
    Reader.with(ax, "WITH", v -> v.length());
    Reader.all(ax, "ALL1", "ALL2");
    Reader.all(ax, ARR);
    Reader.via(ax.secrets()::get, "VIA");
    Reader.via(n -> ax.secrets().get(n), "VIAL");
    Reader.sup(() -> ax, "SUP");
    new Reader.Sub(ax).sub(); new Reader.TA().run(ax); new Reader.TB().run(ax); new Reader.CA().value(ax);
    Reader.rec(ax, "REC", 2);
    new Pair(ax, "PAIR").read();
    ax.secrets().get(MAIL);
    ax.secrets().get(PREFIX + "_X");
    for (String n : Keys.ALL) ax.secrets().get(n);
    for (String n : BY.values()) ax.secrets().get(n);
    for (Map.Entry<String, String> e : BY.entrySet()) ax.secrets().get(e.getValue());
    BY.forEach((k, v) -> ax.secrets().get(v));
    ax.secrets().get(BY.get(input.getK()));
    ax.secrets().get(BUILT.get("x"));
    ax.secrets().get(Kind.SMTP.key());
    for (Kind k : Kind.values()) ax.secrets().get(k.getKey());
    ax.secrets().get(Plain.PLAIN_A.name());
    Arrays.stream(Plain.values()).map(Plain::name).forEach(ax.secrets()::get);
    ax.secrets().get(new Ref("REF").name());
    ax.secrets().get(Ref.of("REFOF").name());
    ax.secrets().get(Names.TOKEN);
    ax.secrets().get(pick(input.getK()));
    ax.secrets().get(Keys.Holder.INSTANCE.name);
    ax.secrets().get(String.format("%s_FMT", "S"));
    ax.secrets().get("%s_FD".formatted("T"));
    ax.secrets().get(String.join("_", "J", "K"));
    ax.secrets().get("lo".toUpperCase(Locale.ROOT));
    ax.secrets().get("""
        BLOCK""");                                  
    ax.secrets().get(System.getenv("X"));
    ax.secrets().get(input.getName());
    ax.secrets().get(input.getName().isBlank() ? "DEF" : input.getName());
    ax.secrets().get(Optional.ofNullable(input.getName()).orElse("ORE"));
    var s = ax.secrets(); s.get("VAR");
    Stream.of("ST_A", "ST_B").map(s::get).filter(Optional::isPresent).toList();
    List.of("L_A", "L_B").stream().flatMap(n -> ax.secrets().get(n).stream()).findFirst();
    Map<String, String> vals = Stream.of("C_A", "C_B").collect(Collectors.toMap(n -> n, n -> ax.secrets().get(n).orElse("")));
    String name; if (input.getK().isEmpty()) { name = "IF_A"; } else { name = "IF_B"; } ax.secrets().get(name);
    { String KEY = "INNER"; ax.secrets().get(KEY); }
    ax.secrets().get(KEY);
    Runnable r = () -> ax.secrets().get("RUN");
    r.run();
    new Object() { void go() { ax.secrets().get("ANON"); } }.go();
    class Local { void go() { ax.secrets().get("LOCAL"); } } new Local().go();
    Optional<String> tok = ax.secrets().get("TOK");
    tok.ifPresent(v -> System.out.println(v));
    tok.ifPresent(System.out::println);
    if (tok.isPresent()) { ax.log().info("x " + tok.get()); }
    ax.log().info("has", Map.of("ok", String.valueOf(tok.isPresent())));
    ax.log().info("v", Map.of("v", tok.get()));
    if (ax.secrets().get("PAT") instanceof Optional<String> o && o.isPresent()) { }
    for (int i = 0; i < ARR.length; i++) ax.secrets().get(ARR[i]);
    Map<String, String> other = new HashMap<>(); other.get("NOPE_ONLY");
    return B.newBuilder().setText(tok.orElse("")).build();
  }
}
