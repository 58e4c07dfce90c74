// The secrets of one invocation.
namespace Axiom.Host;

using Google.Protobuf;
using WireContext = Axiom.Host.Wire.ExecutionContext;

/// <summary>
/// A map look-up: never throws, never waits. Each invocation has its own, so executions cannot cross.
/// </summary>
internal sealed class InvocationSecrets(WireContext execution, IEvents events) : IAxiomContext.ISecrets
{
    private volatile Resolved resolved = new(
        new Dictionary<string, ByteString>(execution.Secrets), new HashSet<string>(execution.RevokedSecretNames));

    public (string Value, bool Found) Get(string name)
    {
        if (name is null)
        {
            return ("", false);
        }

        var found = resolved.Values.TryGetValue(name, out var value);
        events.Read(name, found);
        return (value?.ToStringUtf8() ?? "", found);
    }

    public IAxiomContext.SecretStatus Status(string name)
    {
        if (name is null)
        {
            return IAxiomContext.SecretStatus.Unset;
        }

        var now = resolved;
        if (now.Values.ContainsKey(name))
        {
            return IAxiomContext.SecretStatus.Available;
        }

        return now.Revoked.Contains(name) ? IAxiomContext.SecretStatus.Revoked : IAxiomContext.SecretStatus.Unset;
    }

    /// <summary>Drops the values: a context that a handler has kept gives nothing any more.</summary>
    internal void Drop() => resolved = new Resolved(new Dictionary<string, ByteString>(), new HashSet<string>());

    public override string ToString() => "[REDACTED]";

    private sealed class Resolved(Dictionary<string, ByteString> values, HashSet<string> revoked)
    {
        internal Dictionary<string, ByteString> Values { get; } = values;

        internal HashSet<string> Revoked { get; } = revoked;

        public override string ToString() => "[REDACTED]";
    }
}
