package nodes;

/** A helper beside the nodes: its file has its class's own name. */
final class VCardHelper {
    private VCardHelper() {}

    static String lines(String... lines) {
        return String.join("\r\n", lines);
    }
}
