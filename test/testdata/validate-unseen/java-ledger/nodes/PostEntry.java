package nodes;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

public final class PostEntry {
    private enum Key {
        USER("LEDGER_USER"),
        PASSWORD("LEDGER_PASSWORD");

        private final String secret;

        Key(String secret) {
            this.secret = secret;
        }
    }

    private record Credentials(String user, String password) {
        static Credentials of(Function<String, Optional<String>> get) {
            return new Credentials(get.apply(Key.USER.secret).orElseThrow(), get.apply(Key.PASSWORD.secret).orElseThrow()); // ~ reads LEDGER_USER, reads LEDGER_PASSWORD
        }

        Map<String, String> headers() {
            return Map.of("X-User", user, "X-Password", password);
        }
    }

    private static final class LedgerException extends RuntimeException {
        LedgerException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    public static Reply postEntry(AxiomContext ax, Request input) {
        Credentials credentials = Credentials.of(ax.secrets()::get);
        ax.log().info("password of " + credentials.password().length() + " characters");
        try {
            send(input, credentials);
        } catch (LedgerException e) {
            ax.log().error(e.getMessage()); // ~ log
            return Reply.newBuilder().setError(e.getMessage()).build(); // ~ message
        }
        String names = Stream.of(Key.values()).map(Key::name).collect(Collectors.joining(","));
        ax.log().info("used " + names);
        return Reply.newBuilder().setOk(true).build();
    }

    private static void send(Request input, Credentials credentials) {
        try {
            Http.post(input.getUrl(), credentials.headers());
        } catch (java.io.IOException e) {
            throw new LedgerException("could not post with " + credentials.headers(), e);
        }
    }
}
