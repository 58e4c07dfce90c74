// Handlers in each shape that the node host takes, and callers that go.
using Axiom;
using Axiom.Host;
using Axiom.Host.Wire;
using Google.Protobuf;
using Grpc.Core;
using Xunit;

namespace Nodes;

public class NodeTest
{
    private static DescribeResponse Plain(IAxiomContext ax, DescribeRequest input) => new() { Version = "Plain" };

    private static DescribeResponse WithToken(IAxiomContext ax, DescribeRequest input, CancellationToken cancellation) =>
        new() { Version = "WithToken" };

    private static async Task<DescribeResponse> Awaited(IAxiomContext ax, DescribeRequest input)
    {
        await Task.Yield();
        return new DescribeResponse { Version = "Awaited" };
    }

    private static async Task<DescribeResponse> AwaitedWithToken(
        IAxiomContext ax, DescribeRequest input, CancellationToken cancellation)
    {
        await Task.Delay(0, cancellation);
        return new DescribeResponse { Version = "AwaitedWithToken" };
    }

    [Fact]
    public async Task AHandlerAnswersItsOutputOrATaskWithOrWithoutAToken()
    {
        var nodes = new[]
        {
            Node.Unary<DescribeRequest, DescribeResponse>("Plain", Plain),
            Node.Unary<DescribeRequest, DescribeResponse>("WithToken", WithToken),
            Node.Unary<DescribeRequest, DescribeResponse>("Awaited", Awaited),
            Node.Unary<DescribeRequest, DescribeResponse>("AwaitedWithToken", AwaitedWithToken),
        };
        foreach (var node in nodes.Cast<UnaryNode>())
        {
            var output = await node.Prepare(ByteString.Empty)(new TestContext(), CancellationToken.None);
            Assert.Equal(node.Name, DescribeResponse.Parser.ParseFrom(output).Version);
        }
    }

    [Fact]
    public async Task AHandlerThatBlocksIsInterruptedWhenItsCallerGoes()
    {
        using var caller = new CancellationTokenSource();
        var blocked = Node.Unary<DescribeRequest, DescribeResponse>("Blocked", (ax, input) =>
        {
            caller.Cancel();
            Thread.Sleep(Timeout.Infinite);
            return new DescribeResponse();
        });
        var run = ((UnaryNode)blocked).Prepare(ByteString.Empty);
        await Assert.ThrowsAsync<ThreadInterruptedException>(() => run(new TestContext(), caller.Token));
    }

    private sealed class Gone : IServerStreamWriter<InvokeResponse>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(InvokeResponse message) => Task.FromException(new InvalidOperationException("complete"));
    }

    [Fact]
    public async Task AnOutputThatNobodyTakesDoesNotHoldItsHandler()
    {
        var events = new Events<InvokeResponse>(
            output => new InvokeResponse { Output = output },
            entry => new InvokeResponse { Log = entry },
            read => new InvokeResponse { SecretRead = read },
            error => new InvokeResponse { Error = error });
        var outputs = new[] { events.OutputAsync(ByteString.Empty), events.OutputAsync(ByteString.Empty) };
        await events.PumpAsync(new Gone(), CancellationToken.None);
        Assert.All(outputs, output => Assert.True(output.IsCanceled));
        Assert.True(events.OutputAsync(ByteString.Empty).IsCanceled);
    }
}
