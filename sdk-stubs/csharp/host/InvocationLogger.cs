// ax.Log(): records go to the sidecar as they are written, and it masks secret values in them.
namespace Axiom.Host;

using Axiom.Host.Wire;
using Google.Protobuf.WellKnownTypes;
using WireLevel = Axiom.Host.Wire.LogLevel;

internal sealed class InvocationLogger(IEvents events) : IAxiomContext.ILogger
{
    public void Debug(string msg, IDictionary<string, string>? attrs = null) => Write(WireLevel.Debug, msg, attrs);

    public void Info(string msg, IDictionary<string, string>? attrs = null) => Write(WireLevel.Info, msg, attrs);

    public void Warn(string msg, IDictionary<string, string>? attrs = null) => Write(WireLevel.Warn, msg, attrs);

    public void Error(string msg, IDictionary<string, string>? attrs = null) => Write(WireLevel.Error, msg, attrs);

    private void Write(WireLevel level, string msg, IDictionary<string, string>? attrs)
    {
        var entry = new LogRecord
        {
            Time = Timestamp.FromDateTime(DateTime.UtcNow),
            Level = level,
            Message = msg ?? "",
        };
        foreach (var (key, value) in attrs ?? new Dictionary<string, string>())
        {
            entry.Attributes[key] = value ?? "";
        }

        events.Log(entry);
    }
}
