using Axiom;
using Gen;
using Google.Protobuf;

namespace Nodes;

/// <summary>Reads each name of a request, as the conformance vectors ask.</summary>
internal static class Readings
{
    internal static ProbeReply ReadAll(IAxiomContext ax, ProbeRequest input)
    {
        var reply = new ProbeReply { ExecutionId = ax.ExecutionId(), FlowId = ax.FlowId(), TenantId = ax.TenantId() };
        foreach (var name in input.Names)
        {
            Thread.Sleep(input.WaitMs);
            var (value, found) = ax.Secrets().Get(name);
            if (input.LogValues)
            {
                ax.Log().Info($"read {value}", new Dictionary<string, string> { ["value"] = value });
            }

            reply.Readings.Add(new Reading
            {
                Name = name,
                Found = found,
                Value = ByteString.CopyFromUtf8(value),
                Status = ax.Secrets().Status(name).ToString().ToLowerInvariant(),
            });
        }

        return reply;
    }
}
