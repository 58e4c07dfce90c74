// The process that runs a package's handlers for the sidecar beside it.
package axiom.host;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.IoHandlerFactory;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Serves NodeService on the Unix socket that AXIOM_SOCKET names, by default /tmp/axiom.sock. */
public final class NodeHost implements AutoCloseable {
    private static final String DEFAULT_SOCKET = "/tmp/axiom.sock";
    /** An input of up to 64 MiB, with the values and names of two scopes. */
    private static final int MAX_MESSAGE_BYTES = 68 * 1024 * 1024;
    /** How many calls one connection may have open; the sidecar waits where it has more. */
    private static final int MAX_CALLS = 4096;
    /**
     * What a call, and all calls of a connection, may send before it is taken. By itself gRPC finds it out with PINGs, which
     * the sidecar answers before it goes on with what it relays.
     */
    private static final int WINDOW_BYTES = 1024 * 1024;
    private static final int DRAIN_SECONDS = 10;
    /**
     * gRPC sets SO_KEEPALIVE on every connection, and Netty warns each time that a Unix socket has none; and each
     * frame that breaks HTTP/2 would be a stack trace, as many as a peer likes. Held here, because java.util.logging
     * forgets a level with its last reference.
     */
    private static final List<Logger> QUIET = List.of(
            Logger.getLogger("io.grpc.netty.shaded.io.netty.bootstrap"),
            Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler"));

    private final Server server;
    private final SocketFile socket;
    private final EventLoopGroup loops;
    private final ExecutorService workers;

    private NodeHost(Server server, SocketFile socket, EventLoopGroup loops, ExecutorService workers) {
        this.server = server;
        this.socket = socket;
        this.loops = loops;
        this.workers = workers;
    }

    /** Serves until SIGTERM or SIGINT, then lets running invocations end and exits 0. */
    public static void serve(HostedPackage hosted) throws InterruptedException {
        String named = System.getenv("AXIOM_SOCKET");
        Path path = Path.of(named == null || named.isEmpty() ? DEFAULT_SOCKET : named);
        NodeHost host;
        try {
            host = start(hosted, path);
        } catch (IOException | RuntimeException failure) {
            System.err.println("cannot listen on " + path + ": " + failure.getMessage());
            System.exit(1);
            return;
        }
        // A JVM that a signal ends exits with 128 plus its number; halt says that this end was a clean one.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            host.close();
            Runtime.getRuntime().halt(0);
        }));
        System.err.println(hosted.name() + " " + hosted.version() + " listens on " + path);
        host.server.awaitTermination();
    }

    /** Listens on the socket; only the user that runs this process can connect. */
    static NodeHost start(HostedPackage hosted, Path path) throws IOException {
        SocketFile socket = SocketFile.prepare(path);
        try {
            return bind(hosted, socket);
        } catch (IOException | RuntimeException failure) {
            socket.discard();
            throw failure;
        }
    }

    private static NodeHost bind(HostedPackage hosted, SocketFile socket) throws IOException {
        ExecutorService workers = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "axiom-handler");
            thread.setDaemon(true);
            return thread;
        });
        QUIET.forEach(log -> log.setLevel(Level.SEVERE));
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        Class<? extends ServerChannel> channel =
                epoll ? EpollServerDomainSocketChannel.class : NioServerDomainSocketChannel.class;
        SocketAddress address = epoll
                ? new DomainSocketAddress(socket.draft().toFile())
                : UnixDomainSocketAddress.of(socket.draft());
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(handlers);
        Server server = NettyServerBuilder.forAddress(address)
                .channelType(channel)
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .maxConcurrentCallsPerConnection(MAX_CALLS)
                .flowControlWindow(WINDOW_BYTES)
                .addService(new NodeService(hosted, workers))
                .build()
                .start();
        socket.publish();
        return new NodeHost(server, socket, loops, workers);
    }

    /** Takes no more invocations, waits for the running ones, interrupts those that take too long. */
    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        workers.shutdownNow();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        socket.remove();
    }
}
