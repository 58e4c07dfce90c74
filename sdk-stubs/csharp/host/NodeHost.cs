// The process that runs a package's handlers for the sidecar beside it.
namespace Axiom.Host;

using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

/// <summary>Serves NodeService on the Unix socket that AXIOM_SOCKET names, by default /tmp/axiom.sock.</summary>
public static class NodeHost
{
    private const string DefaultSocket = "/tmp/axiom.sock";

    // How many calls one connection may have open; the sidecar waits where it has more.
    private const int MaxCalls = 4096;

    // An input of up to 64 MiB, with the values and names of two scopes.
    private const int MaxMessageBytes = 68 * 1024 * 1024;

    // What a call may send before its handler takes it, and all calls of a connection: each its own window, or those
    // that nobody takes would leave nothing to the others.
    private const int WindowBytes = 256 * 1024;
    private const int ConnectionWindowBytes = MaxCalls * WindowBytes;

    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);

    /// <summary>Serves until SIGTERM or SIGINT, then lets running invocations end. Answers the exit code.</summary>
    public static async Task<int> ServeAsync(HostedPackage hosted)
    {
        var named = Environment.GetEnvironmentVariable("AXIOM_SOCKET");
        var path = string.IsNullOrEmpty(named) ? DefaultSocket : named;
        try
        {
            var socket = SocketFile.Prepare(path);
            await using var app = Build(hosted, socket.Draft);
            await ListenAsync(app, socket);
            await Console.Error.WriteLineAsync($"{hosted.Name} {hosted.Version} listens on {path}");
            await app.WaitForShutdownAsync();
            socket.Remove();
            return 0;
        }
        catch (Exception failure) when (failure is IOException or SocketException or ArgumentException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"cannot listen on {path}: {failure.Message}");
            return 1;
        }
    }

    private static async Task ListenAsync(WebApplication app, SocketFile socket)
    {
        try
        {
            await app.StartAsync();
            socket.Publish();
        }
        catch
        {
            socket.Discard();
            throw;
        }
    }

    private static WebApplication Build(HostedPackage hosted, string socket)
    {
        // Nothing from the environment or an appsettings.json, and no log: gRPC writes what a call threw with its
        // message, which may hold a value.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            // One sidecar, whose calls wait for as long as a handler or the caller does.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromDays(1);
            kestrel.Limits.Http2.MaxStreamsPerConnection = MaxCalls;
            kestrel.Limits.Http2.InitialStreamWindowSize = WindowBytes;
            kestrel.Limits.Http2.InitialConnectionWindowSize = ConnectionWindowBytes;
            kestrel.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Drain);
        builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = MaxMessageBytes);
        builder.Services.AddSingleton(hosted);
        var app = builder.Build();
        app.MapGrpcService<NodeServer>();
        return app;
    }
}
