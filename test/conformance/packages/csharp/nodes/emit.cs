using Axiom;
using Gen;
using Google.Protobuf;

namespace Nodes;

public static class EmitNode
{
    /// <summary>Outputs that were handed over.</summary>
    internal static int Emitted;

    /// <summary>Emits as many outputs of 64 KiB as each input asks for.</summary>
    public static async IAsyncEnumerable<ProbeReply> Emit(IAxiomContext ax, IAsyncEnumerable<ProbeRequest> inputs)
    {
        await foreach (var input in inputs)
        {
            for (var number = 0; number < input.Count; number++)
            {
                var reply = new ProbeReply { ExecutionId = $"{number}" };
                reply.Readings.Add(new Reading { Value = ByteString.CopyFrom(new byte[64 << 10]) });
                yield return reply;
                Interlocked.Increment(ref Emitted);
            }
        }
    }
}
