// Names in lists, tables, records, closures and helpers of other folders: every way to read one here.
package nodes;
import axiom.AxiomContext;
import gen.Messages.*;
import java.util.*;
import java.util.function.Function;
import java.util.stream.*;
import util.Creds;
import util.Names;
import static util.Names.STATIC1;
public class Greet {
    private static final List<String> NAMES = List.of("L1", "L2");
    private static final String[] ARR = {"AR1", "AR2"};
    private static final Map<String, String> TABLE = Map.of("a", "D1", "b", "D2");
    private static final String PREFIX = "PFX";
    enum Key { A("E1"), B("E2"); final String secret; Key(String s) { this.secret = s; } String secret() { return secret; } }
    record Want(String name, boolean opt) {}
    private static final List<Want> WANTS = List.of(new Want("W1", true), new Want("W2", false));
    public static B greet(AxiomContext ax, A input) {
        for (String n : NAMES) ax.secrets().get(n);
        for (String n : ARR) ax.secrets().get(n);
        for (String n : TABLE.values()) ax.secrets().get(n);
        ax.secrets().get(TABLE.get(input.getKind()));
        for (Want w : WANTS) ax.secrets().get(w.name());
        for (Key k : Key.values()) ax.secrets().get(k.secret());
        ax.secrets().get(Key.A.secret);
        ax.secrets().get(PREFIX + "_ONE");
        ax.secrets().get(String.format("%s_TWO", PREFIX));
        ax.secrets().get(Names.TOKEN);
        ax.secrets().get(STATIC1);
        ax.secrets().get(util.Names.TOKEN);
        Function<String, Optional<String>> f = ax.secrets()::get;
        f.apply("MR1");
        NAMES.stream().map(ax.secrets()::get).flatMap(Optional::stream).findFirst();
        Stream.of("ST1", "ST2").map(n -> ax.secrets().get(n)).toList();
        String key = ax.secrets().get("O1").or(() -> ax.secrets().get("O2")).orElse("");
        var x = ax.secrets().get("O3").orElseGet(() -> ax.secrets().get("O4").orElseThrow());
        Creds.fetch(ax, "LIB1");
        new Creds(ax).key();
        first(ax, "V1", "V2");
        AxiomContext.Secrets s = ax.secrets();
        s.get("AL1");
        String name = switch (input.getKind()) { case "a" -> "SW1"; default -> "SW2"; };
        ax.secrets().get(name);
        String c = input.getX() ? "COND1" : "COND2";
        ax.secrets().get(c);
        return B.newBuilder().build();
    }
    static String first(AxiomContext ax, String... names) {
        for (String n : names) { var v = ax.secrets().get(n); if (v.isPresent()) return v.get(); }
        return Arrays.stream(names).map(ax.secrets()::get).findFirst().toString();
    }
}
