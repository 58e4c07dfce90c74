// The node host on a real socket, with a real gRPC client.
package axiom.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import axiom.AxiomContext;
import axiom.host.wire.NodeProto.DescribeRequest;
import axiom.host.wire.NodeProto.DescribeResponse;
import axiom.host.wire.NodeProto.ExecutionContext;
import axiom.host.wire.NodeProto.InvokeRequest;
import axiom.host.wire.NodeProto.InvokeResponse;
import axiom.host.wire.NodeProto.SecretRead;
import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeHostTest {
    private static final SecretRead MESSAGE = SecretRead.getDefaultInstance();

    @TempDir
    Path folder;

    private final AtomicReference<AxiomContext> kept = new AtomicReference<>();

    /** Answers whether the named secret is there, and keeps its context. */
    private final HostedPackage hosted = new HostedPackage(
            "acme/probe", "1.0.0", List.of(Node.unary("Probe", MESSAGE, MESSAGE, (ax, input) -> {
                kept.set(ax);
                boolean found = ax.secrets().get(input.getName()).isPresent();
                return SecretRead.newBuilder().setName(input.getName()).setFound(found).build();
            })));

    private Path socket;
    private NodeHost host;

    @BeforeEach
    void start() throws IOException {
        socket = folder.resolve("axiom.sock");
        host = NodeHost.start(hosted, socket);
    }

    @AfterEach
    void stop() {
        host.close();
    }

    @Test
    void servesNodesOnASocketOfItsOwnUser() throws Exception {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
        List<InvokeResponse> events = invoke("KEY");
        assertEquals(2, events.size());
        assertEquals("KEY", events.get(0).getSecretRead().getName());
        assertTrue(SecretRead.parseFrom(events.get(1).getOutput()).getFound());
        host.close();
        try (var left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void aNameLongerThanAnyIsCutBeforeItIsReportedAndFindsNothing() throws Exception {
        List<InvokeResponse> events = invoke("N".repeat(1_000_000));
        assertEquals("N".repeat(129), events.get(0).getSecretRead().getName());
        assertEquals(false, events.get(0).getSecretRead().getFound());
        assertEquals("N".repeat(128), invoke("N".repeat(128)).get(0).getSecretRead().getName());
    }

    @Test
    void aContextThatAHandlerHasKeptGivesNothingAfterwards() throws Exception {
        invoke("KEY");
        for (int i = 0; i < 500 && kept.get().secrets().get("KEY").isPresent(); i++) {
            Thread.sleep(10);
        }
        assertEquals(Optional.empty(), kept.get().secrets().get("KEY"));
    }

    @Test
    void takesOverASocketThatWasLeftBehindAndLeavesOtherFilesAlone() throws Exception {
        NodeHost first = host;
        host = NodeHost.start(hosted, socket);
        assertEquals(2, invoke("KEY").size());
        first.close();
        Path file = Files.writeString(folder.resolve("notes.txt"), "mine");
        assertThrows(IOException.class, () -> NodeHost.start(hosted, file));
        assertEquals("mine", Files.readString(file));
        Path tooLong = folder.resolve("x".repeat(90)).resolve("y".repeat(20));
        Files.createDirectory(tooLong.getParent());
        assertThrows(IOException.class, () -> NodeHost.start(hosted, tooLong));
        try (var left = Files.list(tooLong.getParent())) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void listsItsNodes() {
        try (Client client = new Client(socket)) {
            DescribeResponse described = ClientCalls.blockingUnaryCall(
                    client.channel, NodeMethods.DESCRIBE, CallOptions.DEFAULT, DescribeRequest.getDefaultInstance());
            assertEquals("java", described.getLanguage());
            assertEquals("axiom.node.v1.SecretRead", described.getNodes(0).getInputType());
        }
    }

    @Test
    void holdersOfSecretsPrintNoValue() {
        InvocationContext ax = new InvocationContext(executionWithKey(), null);
        assertEquals("[REDACTED]", ax.secrets().toString());
        assertFalse(ax.toString().contains("canary"));
    }

    private static ExecutionContext executionWithKey() {
        return ExecutionContext.newBuilder().putSecrets("KEY", ByteString.copyFromUtf8("canary")).build();
    }

    private List<InvokeResponse> invoke(String name) {
        InvokeRequest request = InvokeRequest.newBuilder()
                .setNode("Probe")
                .setContext(executionWithKey())
                .setInput(SecretRead.newBuilder().setName(name).build().toByteString())
                .build();
        List<InvokeResponse> events = new ArrayList<>();
        try (Client client = new Client(socket)) {
            ClientCalls.blockingServerStreamingCall(client.channel, NodeMethods.INVOKE, CallOptions.DEFAULT, request)
                    .forEachRemaining(events::add);
        }
        return events;
    }

    private static final class Client implements AutoCloseable {
        private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        private final ManagedChannel channel;

        Client(Path socket) {
            channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                    .channelType(NioDomainSocketChannel.class)
                    .eventLoopGroup(loops)
                    .overrideAuthority("localhost")
                    .usePlaintext()
                    .build();
        }

        @Override
        public void close() {
            channel.shutdownNow();
            loops.shutdownGracefully();
        }
    }
}
