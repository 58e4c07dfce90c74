// One node of the package: its name, its messages and its handler.
namespace Axiom.Host;

using Google.Protobuf;

/// <summary>A node as the generated Service lists it.</summary>
public abstract class Node
{
    private protected Node(string name, string inputType, string outputType)
    {
        Name = name;
        InputType = inputType;
        OutputType = outputType;
    }

    internal string Name { get; }

    /// <summary>The input message's full Protobuf name.</summary>
    internal string InputType { get; }

    internal string OutputType { get; }

    /// <summary><c>public static GreetReply Greet(IAxiomContext ax, GreetRequest input)</c></summary>
    public static Node Unary<TIn, TOut>(string name, Func<IAxiomContext, TIn, TOut> handler)
        where TIn : IMessage<TIn>, new()
        where TOut : IMessage<TOut>, new() =>
        new UnaryNode<TIn, TOut>(
            name, (ax, input, cancellation) => HandlerThread.Run(() => handler(ax, input), cancellation));

    /// <summary>The same with a token that is cancelled when the caller goes or its deadline passes.</summary>
    public static Node Unary<TIn, TOut>(string name, Func<IAxiomContext, TIn, CancellationToken, TOut> handler)
        where TIn : IMessage<TIn>, new()
        where TOut : IMessage<TOut>, new() =>
        new UnaryNode<TIn, TOut>(
            name, (ax, input, cancellation) => HandlerThread.Run(() => handler(ax, input, cancellation), cancellation));

    /// <summary><c>public static async Task&lt;GreetReply&gt; Greet(IAxiomContext ax, GreetRequest input)</c></summary>
    public static Node Unary<TIn, TOut>(string name, Func<IAxiomContext, TIn, Task<TOut>> handler)
        where TIn : IMessage<TIn>, new()
        where TOut : IMessage<TOut>, new() =>
        new UnaryNode<TIn, TOut>(name, (ax, input, _) => handler(ax, input));

    /// <summary>The same with a token.</summary>
    public static Node Unary<TIn, TOut>(string name, Func<IAxiomContext, TIn, CancellationToken, Task<TOut>> handler)
        where TIn : IMessage<TIn>, new()
        where TOut : IMessage<TOut>, new() =>
        new UnaryNode<TIn, TOut>(name, handler);

    /// <summary>
    /// <c>public static async IAsyncEnumerable&lt;Line&gt; Shout(IAxiomContext ax, IAsyncEnumerable&lt;Line&gt; inputs)</c>
    /// </summary>
    public static Node Pipeline<TIn, TOut>(
        string name, Func<IAxiomContext, IAsyncEnumerable<TIn>, IAsyncEnumerable<TOut>> handler)
        where TIn : IMessage<TIn>, new()
        where TOut : IMessage<TOut>, new() =>
        new PipelineNode<TIn, TOut>(name, (ax, inputs, _) => handler(ax, inputs));

    /// <summary>The same with an [EnumeratorCancellation] token.</summary>
    public static Node Pipeline<TIn, TOut>(
        string name, Func<IAxiomContext, IAsyncEnumerable<TIn>, CancellationToken, IAsyncEnumerable<TOut>> handler)
        where TIn : IMessage<TIn>, new()
        where TOut : IMessage<TOut>, new() =>
        new PipelineNode<TIn, TOut>(name, handler);
}

/// <summary>One input, one output.</summary>
internal abstract class UnaryNode(string name, string inputType, string outputType) : Node(name, inputType, outputType)
{
    /// <summary>Throws InvalidProtocolBufferException when the input is not the node's message.</summary>
    internal abstract Func<IAxiomContext, CancellationToken, Task<ByteString>> Prepare(ByteString input);
}

internal sealed class UnaryNode<TIn, TOut>(
    string name, Func<IAxiomContext, TIn, CancellationToken, Task<TOut>> handler)
    : UnaryNode(name, new TIn().Descriptor.FullName, new TOut().Descriptor.FullName)
    where TIn : IMessage<TIn>, new()
    where TOut : IMessage<TOut>, new()
{
    internal override Func<IAxiomContext, CancellationToken, Task<ByteString>> Prepare(ByteString input)
    {
        var message = new MessageParser<TIn>(() => new TIn()).ParseFrom(input);
        return async (ax, cancellation) => (await handler(ax, message, cancellation)).ToByteString();
    }
}

/// <summary>A stream of inputs, a stream of outputs.</summary>
internal abstract class PipelineNode(string name, string inputType, string outputType)
    : Node(name, inputType, outputType)
{
    internal abstract Task RunAsync(
        IAxiomContext ax, PipelineInputs inputs, Func<ByteString, Task> emit, CancellationToken cancellation);
}

internal sealed class PipelineNode<TIn, TOut>(
    string name, Func<IAxiomContext, IAsyncEnumerable<TIn>, CancellationToken, IAsyncEnumerable<TOut>> handler)
    : PipelineNode(name, new TIn().Descriptor.FullName, new TOut().Descriptor.FullName)
    where TIn : IMessage<TIn>, new()
    where TOut : IMessage<TOut>, new()
{
    internal override async Task RunAsync(
        IAxiomContext ax, PipelineInputs inputs, Func<ByteString, Task> emit, CancellationToken cancellation)
    {
        var messages = inputs.ReadAsync(new MessageParser<TIn>(() => new TIn()), cancellation);
        await foreach (var output in handler(ax, messages, cancellation).WithCancellation(cancellation))
        {
            await emit(output.ToByteString());
        }
    }
}
