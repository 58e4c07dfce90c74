import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/** What Java prints of a value. Reads values in base64, one a line; writes language, form and text. */
final class Printer {
  record Settings(String host, String token) {}

  private static byte[] bytes(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  private static String errorOf(Function<String, ?> action, String value) {
    try {
      action.apply(value);
    } catch (RuntimeException error) {
      return error.toString();
    }
    return value;
  }

  private static String properties(String value) {
    try {
      var out = new StringWriter();
      var properties = new Properties();
      properties.setProperty("key", value);
      properties.store(out, null);
      return out.toString().replaceFirst("#.*\\R", "");
    } catch (java.io.IOException error) {
      throw new IllegalStateException(error);
    }
  }

  public static void main(String[] arguments) throws Exception {
    Map<String, Function<String, String>> forms = new LinkedHashMap<>();
    forms.put("concatenation", v -> "used " + v);
    forms.put("Map.toString", v -> Map.of("key", v).toString());
    forms.put("List.toString", v -> List.of("a", v).toString());
    forms.put("record", v -> new Settings("db", v).toString());
    forms.put("java.util.logging", v -> new SimpleFormatter().format(new LogRecord(Level.INFO, "used " + v)));
    forms.put("NumberFormatException", v -> errorOf(Integer::parseInt, v));
    forms.put("URI error", v -> errorOf(URI::create, "http://" + v + " "));
    forms.put("enum error", v -> errorOf(Level::parse, v));
    forms.put("Properties.store", Printer::properties);
    forms.put("Arrays.toString of bytes", v -> Arrays.toString(bytes(v)));
    forms.put("URLEncoder", v -> URLEncoder.encode(v, StandardCharsets.UTF_8));
    forms.put("Base64", v -> Base64.getEncoder().encodeToString(bytes(v)));
    forms.put("Base64, URL", v -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(v)));
    forms.put("Base64, MIME", v -> Base64.getMimeEncoder().encodeToString(bytes(v)));
    forms.put("HexFormat", v -> HexFormat.of().formatHex(bytes(v)));
    forms.put("HexFormat with colons", v -> HexFormat.ofDelimiter(":").withUpperCase().formatHex(bytes(v)));

    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      var value = new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8);
      for (var form : forms.entrySet()) {
        var text = Base64.getEncoder().encodeToString(bytes(form.getValue().apply(value)));
        System.out.println("java\t" + form.getKey() + "\t" + text);
      }
    }
  }
}
