// NodeService (proto/axiom/node/v1): what the sidecar asks of this package.
package axiom.host;

import axiom.host.wire.NodeProto.DescribeRequest;
import axiom.host.wire.NodeProto.DescribeResponse;
import axiom.host.wire.NodeProto.ExecutionContext;
import axiom.host.wire.NodeProto.InvokePipelineRequest;
import axiom.host.wire.NodeProto.InvokePipelineResponse;
import axiom.host.wire.NodeProto.InvokeRequest;
import axiom.host.wire.NodeProto.InvokeResponse;
import axiom.host.wire.NodeProto.NodeDescription;
import axiom.host.wire.NodeProto.NodeError;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/** Handlers run on threads of their own: they may block, and a cancelled call interrupts its handler's thread. */
final class NodeService implements BindableService {
    private final HostedPackage hosted;
    private final Executor workers;

    NodeService(HostedPackage hosted, Executor workers) {
        this.hosted = hosted;
        this.workers = workers;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerServiceDefinition.builder(NodeMethods.SERVICE)
                .addMethod(NodeMethods.DESCRIBE, ServerCalls.asyncUnaryCall(this::describe))
                .addMethod(NodeMethods.INVOKE, ServerCalls.asyncServerStreamingCall(this::invoke))
                .addMethod(NodeMethods.INVOKE_PIPELINE, ServerCalls.asyncBidiStreamingCall(this::invokePipeline))
                .build();
    }

    private void describe(DescribeRequest request, StreamObserver<DescribeResponse> answer) {
        DescribeResponse.Builder described = DescribeResponse.newBuilder()
                .setPackage(hosted.name())
                .setVersion(hosted.version())
                .setLanguage("java");
        for (Node<?, ?> node : hosted.nodes()) {
            described.addNodes(NodeDescription.newBuilder()
                    .setName(node.name())
                    .setPipeline(node instanceof Node.PipelineNode<?, ?>)
                    .setInputType(node.inputTypeName())
                    .setOutputType(node.outputTypeName()));
        }
        answer.onNext(described.build());
        answer.onCompleted();
    }

    private void invoke(InvokeRequest request, StreamObserver<InvokeResponse> answer) {
        ServerCallStreamObserver<InvokeResponse> call = (ServerCallStreamObserver<InvokeResponse>) answer;
        Events events = Events.of(call);
        Optional<Node<?, ?>> node = hosted.node(request.getNode());
        if (node.isEmpty() || !(node.get() instanceof Node.UnaryNode<?, ?> unary)) {
            events.refuse(noSuchNode(hosted, request.getNode(), "unary"));
            return;
        }
        FutureTask<Void> task;
        try {
            task = taskOf(unary, request.getInput(), request.getContext(), events);
        } catch (InvalidProtocolBufferException unreadable) {
            events.refuse(Status.INVALID_ARGUMENT.withDescription(
                    "the input is not a serialized " + unary.inputTypeName()));
            return;
        }
        call.setOnReadyHandler(events::wake);
        call.setOnCancelHandler(() -> {
            events.wake();
            task.cancel(true);
        });
        workers.execute(task);
    }

    private StreamObserver<InvokePipelineRequest> invokePipeline(StreamObserver<InvokePipelineResponse> answer) {
        ServerCallStreamObserver<InvokePipelineResponse> call =
                (ServerCallStreamObserver<InvokePipelineResponse>) answer;
        return new PipelineCall(hosted, call, Events.ofPipeline(call), workers);
    }

    static Status noSuchNode(HostedPackage hosted, String name, String kind) {
        return Status.NOT_FOUND.withDescription(
                hosted.name() + " " + hosted.version() + " has no " + kind + " node " + name);
    }

    /** Has the message and not its bytes: a handler may run for long. */
    private static <I extends Message, O extends Message> FutureTask<Void> taskOf(
            Node.UnaryNode<I, O> node, ByteString input, ExecutionContext execution, Events events)
            throws InvalidProtocolBufferException {
        I message = node.parse(input);
        return new FutureTask<>(() -> run(node, message, execution, events), null);
    }

    /** The secrets stay until the handler has returned, even when its call is cancelled: get never lies to it. */
    private static <I extends Message, O extends Message> void run(
            Node.UnaryNode<I, O> node, I input, ExecutionContext execution, Events events) {
        NodeError failed = null;
        try (InvocationContext ax = new InvocationContext(execution, events)) {
            try {
                events.output(node.handler().handle(ax, input).toByteString());
            } catch (Throwable failure) {
                failed = Failures.describe(failure, ax.log());
            }
        }
        events.end(failed);
    }
}
