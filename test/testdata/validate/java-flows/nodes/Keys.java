package nodes;
import java.util.*;
public final class Keys {
  private Keys() {}
  public static final String PREFIX = "APP";
  public static final String MAIL = PREFIX + "_MAIL";
  public static final List<String> ALL = List.of("ALL_A", "ALL_B");
  public static final Map<String, String> BY = Map.of("a", "BY_A", "b", "BY_B");
  public static final Map<String, String> BUILT;
  static { Map<String, String> m = new HashMap<>(); m.put("x", "BU_X"); m.put("y", "BU_Y"); BUILT = Collections.unmodifiableMap(m); }
  public enum Kind { SMTP("EN_SMTP"), IMAP("EN_IMAP"); private final String key; Kind(String key) { this.key = key; } public String key() { return key; } public String getKey() { return this.key; } }
  public enum Plain { PLAIN_A, PLAIN_B }
  public record Ref(String name, boolean needed) { public Ref(String name) { this(name, true); } static Ref of(String n) { return new Ref(n); } }
  public interface Names { String TOKEN = "IF_TOKEN"; }
  public static String pick(String k) { return switch (k) { case "a" -> "PK_A"; case "b" -> { yield "PK_B"; } default -> "PK_C"; }; }
  public static class Holder { public static final Holder INSTANCE = new Holder("HOLD"); public final String name; Holder(String n) { name = n; } }
}
