// NodeService (proto/axiom/node/v1): what the sidecar asks of this package.
namespace Axiom.Host;

using Axiom.Host.Wire;
using Google.Protobuf;
using Grpc.Core;

internal sealed class NodeServer(HostedPackage hosted) : NodeService.NodeServiceBase
{
    public override Task<DescribeResponse> Describe(DescribeRequest request, ServerCallContext context)
    {
        var described = new DescribeResponse { Package = hosted.Name, Version = hosted.Version, Language = "csharp" };
        described.Nodes.AddRange(hosted.Nodes.Select(node => new NodeDescription
        {
            Name = node.Name,
            Pipeline = node is PipelineNode,
            InputType = node.InputType,
            OutputType = node.OutputType,
        }));
        return Task.FromResult(described);
    }

    public override async Task Invoke(
        InvokeRequest request, IServerStreamWriter<InvokeResponse> responseStream, ServerCallContext context)
    {
        var node = hosted.Find<UnaryNode>(request.Node) ?? throw NoSuchNode(request.Node, "unary");
        var run = Prepare(node, request.Input);
        // The call keeps its request, and a handler may run for long.
        request.Input = ByteString.Empty;
        var events = new Events<InvokeResponse>(
            output => new InvokeResponse { Output = output },
            entry => new InvokeResponse { Log = entry },
            read => new InvokeResponse { SecretRead = read },
            error => new InvokeResponse { Error = error });
        var pump = events.PumpAsync(responseStream, context.CancellationToken);
        using (var ax = new InvocationContext(request.Context, events))
        {
            try
            {
                await events.OutputAsync(await run(ax, context.CancellationToken));
            }
            catch (Exception failure)
            {
                events.Fail(Failures.Describe(failure, ax.Log()));
            }
        }

        events.End();
        await pump;
    }

    public override async Task InvokePipeline(
        IAsyncStreamReader<InvokePipelineRequest> requestStream,
        IServerStreamWriter<InvokePipelineResponse> responseStream,
        ServerCallContext context)
    {
        var start = await StartOf(requestStream, context.CancellationToken);
        var node = hosted.Find<PipelineNode>(start.Node) ?? throw NoSuchNode(start.Node, "pipeline");
        var inputs = new PipelineInputs(requestStream, node.InputType);
        var events = new Events<InvokePipelineResponse>(
            output => new InvokePipelineResponse { Output = output },
            entry => new InvokePipelineResponse { Log = entry },
            read => new InvokePipelineResponse { SecretRead = read },
            error => new InvokePipelineResponse { Error = error });
        var pump = events.PumpAsync(responseStream, context.CancellationToken);
        using (var ax = new InvocationContext(start.Context, events))
        {
            try
            {
                await node.RunAsync(ax, inputs, events.OutputAsync, context.CancellationToken);
            }
            catch (Exception failure) when (inputs.Refused is null)
            {
                events.Fail(Failures.Describe(failure, ax.Log()));
            }
            catch (Exception)
            {
                // The sender's fault: the status below says so.
            }
        }

        events.End();
        await pump;
        if (inputs.Refused is { } refused)
        {
            throw new RpcException(refused);
        }
    }

    private static async Task<PipelineStart> StartOf(
        IAsyncStreamReader<InvokePipelineRequest> requests, CancellationToken cancellation)
    {
        var first = await requests.MoveNext(cancellation) ? requests.Current : null;
        return first?.MessageCase == InvokePipelineRequest.MessageOneofCase.Start
            ? first.Start
            : throw new RpcException(new Status(StatusCode.InvalidArgument, "the first message must be the start"));
    }

    private static Func<IAxiomContext, CancellationToken, Task<ByteString>> Prepare(UnaryNode node, ByteString input)
    {
        try
        {
            return node.Prepare(input);
        }
        catch (InvalidProtocolBufferException)
        {
            var reason = $"the input is not a serialized {node.InputType}";
            throw new RpcException(new Status(StatusCode.InvalidArgument, reason));
        }
    }

    private RpcException NoSuchNode(string name, string kind) =>
        new(new Status(StatusCode.NotFound, $"{hosted.Name} {hosted.Version} has no {kind} node {name}"));
}
