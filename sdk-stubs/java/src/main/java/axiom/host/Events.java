// What an invocation tells the sidecar, as it happens.
package axiom.host;

import axiom.host.wire.NodeProto.InvokePipelineResponse;
import axiom.host.wire.NodeProto.InvokeResponse;
import axiom.host.wire.NodeProto.LogRecord;
import axiom.host.wire.NodeProto.NodeError;
import axiom.host.wire.NodeProto.SecretRead;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.CancellationException;

/**
 * One call's events. Handlers may write from many threads, and a gRPC stream takes one at a time. After the end
 * or the cancellation of the call, events go nowhere.
 */
abstract class Events {
    private boolean ended;

    static Events of(ServerCallStreamObserver<InvokeResponse> call) {
        return new Events() {
            @Override
            void send(SecretRead read) {
                call.onNext(InvokeResponse.newBuilder().setSecretRead(read).build());
            }

            @Override
            void send(LogRecord entry) {
                call.onNext(InvokeResponse.newBuilder().setLog(entry).build());
            }

            @Override
            void send(ByteString output) {
                call.onNext(InvokeResponse.newBuilder().setOutput(output).build());
            }

            @Override
            void send(NodeError error) {
                call.onNext(InvokeResponse.newBuilder().setError(error).build());
            }

            @Override
            ServerCallStreamObserver<InvokeResponse> call() {
                return call;
            }
        };
    }

    static Events ofPipeline(ServerCallStreamObserver<InvokePipelineResponse> call) {
        return new Events() {
            @Override
            void send(SecretRead read) {
                call.onNext(InvokePipelineResponse.newBuilder().setSecretRead(read).build());
            }

            @Override
            void send(LogRecord entry) {
                call.onNext(InvokePipelineResponse.newBuilder().setLog(entry).build());
            }

            @Override
            void send(ByteString output) {
                call.onNext(InvokePipelineResponse.newBuilder().setOutput(output).build());
            }

            @Override
            void send(NodeError error) {
                call.onNext(InvokePipelineResponse.newBuilder().setError(error).build());
            }

            @Override
            ServerCallStreamObserver<InvokePipelineResponse> call() {
                return call;
            }
        };
    }

    abstract void send(SecretRead read);

    abstract void send(LogRecord entry);

    abstract void send(ByteString output);

    abstract void send(NodeError error);

    abstract ServerCallStreamObserver<?> call();

    synchronized void read(String name, boolean found) {
        if (open()) {
            send(SecretRead.newBuilder().setName(name).setFound(found).build());
        }
    }

    synchronized void log(LogRecord entry) {
        if (open()) {
            send(entry);
        }
    }

    /** Sends an output, waiting until the caller keeps up. Throws CancellationException when it has gone. */
    synchronized void output(ByteString output) {
        try {
            while (open() && !call().isReady()) {
                wait();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the invocation was cancelled");
        }
        if (!open()) {
            throw new CancellationException("the invocation was cancelled");
        }
        send(output);
    }

    /**
     * Ends the call after its outputs, or with the handler's failure. Once its secrets are forgotten: whoever is told of the
     * end may call again at once, and what was kept of this call reads nothing then.
     */
    synchronized void end(NodeError failed) {
        if (open()) {
            if (failed != null) {
                send(failed);
            }
            call().onCompleted();
        }
        ended = true;
    }

    /** Ends the call with a status: the request, not the handler, is at fault. */
    synchronized void refuse(Status status) {
        if (open()) {
            call().onError(status.asRuntimeException());
        }
        ended = true;
    }

    /** The caller takes more, or has gone: whoever waits in {@link #output} looks again. */
    synchronized void wake() {
        notifyAll();
    }

    private boolean open() {
        return !ended && !call().isCancelled();
    }
}
