// The real accessor, and what a failure becomes.
using Axiom;
using Axiom.Host;
using Google.Protobuf;
using Xunit;
using WireContext = Axiom.Host.Wire.ExecutionContext;
using WireRecord = Axiom.Host.Wire.LogRecord;

namespace Nodes;

public class InvocationTest
{
    private sealed class Heard : IEvents
    {
        public List<(string Name, bool Found)> Reads { get; } = new();

        public List<WireRecord> Logs { get; } = new();

        public void Read(string name, bool found) => Reads.Add((name, found));

        public void Log(WireRecord entry) => Logs.Add(entry);
    }

    private readonly Heard heard = new();

    private InvocationContext Context()
    {
        var execution = new WireContext { ExecutionId = "e", FlowId = "f", TenantId = "t" };
        execution.Secrets["NAME"] = ByteString.CopyFromUtf8("canary\r\n");
        execution.RevokedSecretNames.Add("GONE");
        return new InvocationContext(execution, heard);
    }

    [Fact]
    public void GivesSecretsByteForByteAndReportsReads()
    {
        using var ax = Context();
        Assert.Equal(("canary\r\n", true), ax.Secrets().Get("NAME"));
        Assert.Equal(("", false), ax.Secrets().Get("GONE"));
        Assert.Equal(new List<(string, bool)> { ("NAME", true), ("GONE", false) }, heard.Reads);
        Assert.Equal(IAxiomContext.SecretStatus.Revoked, ax.Secrets().Status("GONE"));
        Assert.Equal(IAxiomContext.SecretStatus.Unset, ax.Secrets().Status("OTHER"));
    }

    [Fact]
    public void CutsANameThatIsLongerThanAnyBeforeItIsReported()
    {
        using var ax = Context();
        Assert.Equal(("", false), ax.Secrets().Get(new string('N', 1_000_000)));
        Assert.Equal(IAxiomContext.SecretStatus.Unset, ax.Secrets().Status(new string('N', 1_000_000)));
        Assert.Equal(new List<(string, bool)> { (new string('N', 129), false) }, heard.Reads);
    }

    [Fact]
    public void AContextThatAHandlerHasKeptGivesNothingAfterwards()
    {
        var ax = Context();
        ax.Dispose();
        Assert.Equal(("", false), ax.Secrets().Get("NAME"));
    }

    [Fact]
    public void HoldersOfSecretsPrintNoValue()
    {
        using var ax = Context();
        Assert.DoesNotContain("canary", $"{ax} {ax.Secrets()}");
    }

    [Fact]
    public void ATypedErrorReachesTheCallerAndAnyOtherIsMasked()
    {
        using var ax = Context();
        var typed = Failures.Describe(new NodeError("CODE", "message", "detail"), ax.Log());
        Assert.Equal((true, "CODE", "message", "detail"), (typed.Typed, typed.Code, typed.Message, typed.Detail));
        var masked = Failures.Describe(new InvalidOperationException("canary"), ax.Log());
        Assert.Equal((false, "The node failed; its log has the reason."), (masked.Typed, masked.Message));
        Assert.DoesNotContain("canary", $"{masked} {heard.Logs[0]}");
        Assert.Equal("System.InvalidOperationException", heard.Logs[0].Attributes["exception"]);
    }
}
