// The secrets of one invocation.
namespace Axiom.Host;

using Google.Protobuf;
using WireContext = Axiom.Host.Wire.ExecutionContext;

/// <summary>
/// A map look-up: never throws, never waits. Each invocation has its own, so executions cannot cross.
/// </summary>
internal sealed class InvocationSecrets(WireContext execution, IEvents events) : IAxiomContext.ISecrets
{
    /// <summary>No secret's name has more characters.</summary>
    private const int LongestName = 128;

    private volatile Resolved resolved = new(
        new Dictionary<string, ByteString>(execution.Secrets), new HashSet<string>(execution.RevokedSecretNames));

    public (string Value, bool Found) Get(string name)
    {
        if (name is null)
        {
            return ("", false);
        }

        var asked = WithinLimit(name);
        var found = resolved.Values.TryGetValue(asked, out var value);
        events.Read(asked, found);
        return (value?.ToStringUtf8() ?? "", found);
    }

    public IAxiomContext.SecretStatus Status(string name)
    {
        if (name is null)
        {
            return IAxiomContext.SecretStatus.Unset;
        }

        var asked = WithinLimit(name);
        var now = resolved;
        if (now.Values.ContainsKey(asked))
        {
            return IAxiomContext.SecretStatus.Available;
        }

        return now.Revoked.Contains(asked) ? IAxiomContext.SecretStatus.Revoked : IAxiomContext.SecretStatus.Unset;
    }

    /// <summary>A name that is longer than any, cut so that it is still no secret's name.</summary>
    private static string WithinLimit(string name) => name.Length <= LongestName ? name : name[..(LongestName + 1)];

    /// <summary>Lets go of the values: a context that a handler has kept gives nothing any more.</summary>
    internal void Forget() => resolved = new Resolved(new Dictionary<string, ByteString>(), new HashSet<string>());

    public override string ToString() => "[REDACTED]";

    private sealed class Resolved(Dictionary<string, ByteString> values, HashSet<string> revoked)
    {
        internal Dictionary<string, ByteString> Values { get; } = values;

        internal HashSet<string> Revoked { get; } = revoked;

        public override string ToString() => "[REDACTED]";
    }
}
