package nodes;

import axiom.AxiomContext;
import com.google.protobuf.ByteString;
import gen.Messages.ProbeReply;
import gen.Messages.ProbeRequest;
import gen.Messages.Reading;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads each name of a request, as the conformance vectors ask. */
final class Readings {
    private Readings() {}

    static ProbeReply readAll(AxiomContext ax, ProbeRequest input) throws InterruptedException {
        ProbeReply.Builder reply = ProbeReply.newBuilder()
                .setExecutionId(ax.executionId())
                .setFlowId(ax.flowId())
                .setTenantId(ax.tenantId());
        for (String name : input.getNamesList()) {
            Thread.sleep(input.getWaitMs());
            Optional<String> value = ax.secrets().get(name);
            if (input.getLogValues()) {
                ax.log().info("read " + value.orElse(""), Map.of("value", value.orElse("")));
            }
            reply.addReadings(Reading.newBuilder()
                    .setName(name)
                    .setFound(value.isPresent())
                    .setValue(ByteString.copyFromUtf8(value.orElse("")))
                    .setStatus(ax.secrets().status(name).name().toLowerCase(Locale.ROOT)));
        }
        return reply.build();
    }
}
