using Xunit;

namespace Nodes;

/// <summary>What several tests assert; the service must not compile it.</summary>
internal static class CardFacts
{
    internal static void IsACard(string text) => Assert.StartsWith("BEGIN:VCARD", text);
}
