// The double of generated tests obeys the same facts as the real accessor.
using Axiom;
using Xunit;

namespace Nodes;

public class TestContextTest
{
    [Theory]
    [InlineData("plain")]
    [InlineData("a\r\nb\n")]
    [InlineData("a\0b")]
    [InlineData("🔑 שלום")]
    [InlineData("")]
    public void GivesTestValuesUnchanged(string value)
    {
        IAxiomContext ax = new TestContext(new() { ["NAME"] = value });
        Assert.Equal((value, true), ax.Secrets().Get("NAME"));
        Assert.Equal(IAxiomContext.SecretStatus.Available, ax.Secrets().Status("NAME"));
    }

    [Theory]
    [InlineData("NAME")]
    [InlineData("")]
    [InlineData(null)]
    public void FindsNothingForMissingAndEmptyNames(string? name)
    {
        IAxiomContext ax = new TestContext();
        Assert.Equal(("", false), ax.Secrets().Get(name!));
        Assert.Equal(IAxiomContext.SecretStatus.Unset, ax.Secrets().Status(name!));
    }

    [Fact]
    public void ARevokedNameIsNotFoundEvenWhereItHasAValue()
    {
        IAxiomContext ax = new TestContext(new() { ["NAME"] = "value" }, new() { "NAME" });
        Assert.Equal(("", false), ax.Secrets().Get("NAME"));
        Assert.Equal(IAxiomContext.SecretStatus.Revoked, ax.Secrets().Status("NAME"));
    }

    [Fact]
    public void ReadsItsTestIdsAndPrintsNoValue()
    {
        IAxiomContext ax = new TestContext(new() { ["NAME"] = "value" });
        Assert.Equal(("test-execution-id", "test-flow-id", "test-tenant-id"), (ax.ExecutionId(), ax.FlowId(), ax.TenantId()));
        Assert.DoesNotContain("value", $"{ax} {ax.Secrets()}");
    }
}
