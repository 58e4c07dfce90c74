// The inputs of a pipeline call, as the handler takes them.
namespace Axiom.Host;

using System.Runtime.CompilerServices;
using Axiom.Host.Wire;
using Google.Protobuf;
using Grpc.Core;

/// <summary>Reads the call's next message each time the handler asks for one, so that the sender is held back.</summary>
internal sealed class PipelineInputs(IAsyncStreamReader<InvokePipelineRequest> requests, string inputType)
{
    /// <summary>Why the call ends with a status: the sender, not the handler, is at fault.</summary>
    internal Status? Refused { get; private set; }

    internal async IAsyncEnumerable<T> ReadAsync<T>(
        MessageParser<T> parser, [EnumeratorCancellation] CancellationToken cancellation)
        where T : IMessage<T>
    {
        while (await requests.MoveNext(cancellation))
        {
            yield return Parse(requests.Current, parser);
        }
    }

    private T Parse<T>(InvokePipelineRequest request, MessageParser<T> parser)
        where T : IMessage<T>
    {
        if (request.MessageCase != InvokePipelineRequest.MessageOneofCase.Input)
        {
            throw Refuse("only the first message may be the start");
        }

        var input = request.Input;
        // The reader keeps its request until the next one is asked for, and a handler may be at an input for long.
        request.Input = ByteString.Empty;
        try
        {
            return parser.ParseFrom(input);
        }
        catch (InvalidProtocolBufferException)
        {
            throw Refuse($"an input is not a serialized {inputType}");
        }
    }

    private InvalidDataException Refuse(string reason)
    {
        Refused = new Status(StatusCode.InvalidArgument, reason);
        return new InvalidDataException(reason);
    }
}
