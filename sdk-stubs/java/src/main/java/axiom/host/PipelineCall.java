// One pipeline call: the start, then inputs, while the handler runs beside.
package axiom.host;

import axiom.host.wire.NodeProto.InvokePipelineRequest;
import axiom.host.wire.NodeProto.NodeError;
import axiom.host.wire.NodeProto.PipelineStart;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

final class PipelineCall implements StreamObserver<InvokePipelineRequest> {
    private final HostedPackage hosted;
    private final ServerCallStreamObserver<?> call;
    private final Events events;
    private final Executor workers;
    private Running<?, ?> running;

    PipelineCall(HostedPackage hosted, ServerCallStreamObserver<?> call, Events events, Executor workers) {
        this.hosted = hosted;
        this.call = call;
        this.events = events;
        this.workers = workers;
        call.disableAutoRequest();
        call.setOnReadyHandler(events::wake);
        call.setOnCancelHandler(this::stop);
        call.request(1);
    }

    @Override
    public void onNext(InvokePipelineRequest request) {
        switch (request.getMessageCase()) {
            case START -> start(request.getStart());
            case INPUT -> {
                if (running == null) {
                    refuse(Status.INVALID_ARGUMENT.withDescription("the first message must be the start"));
                } else if (!running.take(request)) {
                    refuse(Status.INVALID_ARGUMENT.withDescription(
                            "an input is not a serialized " + running.node.inputTypeName()));
                }
            }
            default -> refuse(Status.INVALID_ARGUMENT.withDescription("a message is neither the start nor an input"));
        }
    }

    @Override
    public void onError(Throwable gone) {
        stop();
    }

    @Override
    public void onCompleted() {
        if (running == null) {
            refuse(Status.INVALID_ARGUMENT.withDescription("the stream ended before the start"));
        } else {
            running.inputs.end();
        }
    }

    private void start(PipelineStart start) {
        if (running != null) {
            refuse(Status.INVALID_ARGUMENT.withDescription("only the first message may be the start"));
            return;
        }
        Optional<Node<?, ?>> node = hosted.node(start.getNode());
        if (node.isPresent() && node.get() instanceof Node.PipelineNode<?, ?> pipeline) {
            running = new Running<>(pipeline, start);
            // One input waits for the handler at most; beyond, the sender is held back.
            call.request(1);
            workers.execute(running.task);
        } else {
            refuse(NodeService.noSuchNode(hosted, start.getNode(), "pipeline"));
        }
    }

    private void refuse(Status status) {
        events.refuse(status);
        stop();
    }

    private void stop() {
        events.wake();
        if (running != null) {
            running.task.cancel(true);
        }
    }

    /** The handler at work. */
    private final class Running<I extends Message, O extends Message> {
        private final Node.PipelineNode<I, O> node;
        private final PipelineInputs<I> inputs = new PipelineInputs<>(() -> call.request(1));
        private final FutureTask<Void> task;

        Running(Node.PipelineNode<I, O> node, PipelineStart start) {
            this.node = node;
            this.task = new FutureTask<>(() -> run(start), null);
        }

        boolean take(InvokePipelineRequest request) {
            try {
                inputs.add(node.parse(request.getInput()));
                return true;
            } catch (InvalidProtocolBufferException unreadable) {
                return false;
            }
        }

        private void run(PipelineStart start) {
            NodeError failed = null;
            try (InvocationContext ax = new InvocationContext(start.getContext(), events)) {
                try {
                    node.handler().handle(ax, inputs, output -> events.output(output.toByteString()));
                } catch (Throwable failure) {
                    failed = Failures.describe(failure, ax.log());
                }
            }
            events.end(failed);
        }
    }
}
