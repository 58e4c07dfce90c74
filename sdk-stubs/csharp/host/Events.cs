// What an invocation tells the sidecar, as it happens.
namespace Axiom.Host;

using System.Threading.Channels;
using Axiom.Host.Wire;
using Google.Protobuf;
using Grpc.Core;
using WireError = Axiom.Host.Wire.NodeError;

/// <summary>What ax needs of a call. Both may be called from any thread, also after the call's end.</summary>
internal interface IEvents
{
    void Read(string name, bool found);

    void Log(LogRecord entry);
}

/// <summary>
/// One call's events. Handlers may write from many threads and a gRPC stream takes one message at a time, so
/// they stand in a queue that one pump empties.
/// </summary>
internal sealed class Events<TResponse>(
    Func<ByteString, TResponse> output,
    Func<LogRecord, TResponse> log,
    Func<SecretRead, TResponse> read,
    Func<WireError, TResponse> error) : IEvents
    where TResponse : class
{
    private readonly Channel<Entry> queue = Channel.CreateUnbounded<Entry>(
        new UnboundedChannelOptions { SingleReader = true });

    public void Read(string name, bool found) => Post(read(new SecretRead { Name = name, Found = found }));

    public void Log(LogRecord entry) => Post(log(entry));

    /// <summary>Sends an output; done when the stream has taken it, which waits while the caller does not read.</summary>
    internal Task OutputAsync(ByteString message)
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!queue.Writer.TryWrite(new Entry(output(message), taken)))
        {
            taken.SetCanceled();
        }

        return taken.Task;
    }

    internal void Fail(WireError failure) => Post(error(failure));

    /// <summary>Nothing that is written afterwards is sent.</summary>
    internal void End() => queue.Writer.TryComplete();

    /// <summary>Writes events until the end. When the caller goes, it drops what is left and returns.</summary>
    internal async Task PumpAsync(IServerStreamWriter<TResponse> stream, CancellationToken cancellation)
    {
        Entry? writing = null;
        try
        {
            await foreach (var entry in queue.Reader.ReadAllAsync(cancellation))
            {
                writing = entry;
                await stream.WriteAsync(entry.Response, cancellation);
                entry.Taken?.TrySetResult();
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or InvalidOperationException or IOException or RpcException)
        {
            // Nobody listens any more.
        }
        finally
        {
            // A handler that waits for its output to be taken would wait for ever.
            End();
            do
            {
                writing?.Taken?.TrySetCanceled(CancellationToken.None);
            }
            while (queue.Reader.TryRead(out writing));
        }
    }

    private void Post(TResponse response) => queue.Writer.TryWrite(new Entry(response, null));

    private sealed record Entry(TResponse Response, TaskCompletionSource? Taken)
    {
        public override string ToString() => "[REDACTED]";
    }
}
