package nodes;

import axiom.AxiomContext;
import com.google.protobuf.ByteString;
import gen.Messages.ProbeReply;
import gen.Messages.ProbeRequest;
import gen.Messages.Reading;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

public class Emit {
    /** Outputs that were handed over. */
    static final AtomicInteger EMITTED = new AtomicInteger();

    /** Emits as many outputs of 64 KiB as each input asks for. */
    public static void emit(AxiomContext ax, Iterator<ProbeRequest> inputs, Consumer<ProbeReply> emit) {
        while (inputs.hasNext()) {
            int count = inputs.next().getCount();
            for (int number = 0; number < count; number++) {
                Reading reading = Reading.newBuilder()
                        .setValue(ByteString.copyFrom(new byte[64 << 10]))
                        .build();
                emit.accept(ProbeReply.newBuilder()
                        .setExecutionId(Integer.toString(number))
                        .addReadings(reading)
                        .build());
                EMITTED.incrementAndGet();
            }
        }
    }
}
