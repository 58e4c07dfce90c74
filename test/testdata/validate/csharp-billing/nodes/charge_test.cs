using Axiom;
using Xunit;

namespace Nodes;

public class ChargeTests
{
    [Fact]
    public void Reads() => TestContext.Create().Secrets().Get("TEST_ONLY");
}
