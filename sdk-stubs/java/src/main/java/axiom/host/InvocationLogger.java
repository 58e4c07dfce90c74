// ax.log(): records go to the sidecar as they are written, and it masks secret values in them.
package axiom.host;

import axiom.AxiomContext;
import axiom.host.wire.NodeProto.LogLevel;
import axiom.host.wire.NodeProto.LogRecord;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.Map;

final class InvocationLogger implements AxiomContext.Logger {
    private final Events events;

    InvocationLogger(Events events) {
        this.events = events;
    }

    @Override
    public void debug(String msg, Map<String, String> attrs) {
        write(LogLevel.LOG_LEVEL_DEBUG, msg, attrs);
    }

    @Override
    public void info(String msg, Map<String, String> attrs) {
        write(LogLevel.LOG_LEVEL_INFO, msg, attrs);
    }

    @Override
    public void warn(String msg, Map<String, String> attrs) {
        write(LogLevel.LOG_LEVEL_WARN, msg, attrs);
    }

    @Override
    public void error(String msg, Map<String, String> attrs) {
        write(LogLevel.LOG_LEVEL_ERROR, msg, attrs);
    }

    private void write(LogLevel level, String msg, Map<String, String> attrs) {
        Instant now = Instant.now();
        LogRecord.Builder entry = LogRecord.newBuilder()
                .setTime(Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()))
                .setLevel(level)
                .setMessage(String.valueOf(msg));
        if (attrs != null) {
            attrs.forEach((key, value) -> entry.putAttributes(String.valueOf(key), String.valueOf(value)));
        }
        events.log(entry.build());
    }
}
