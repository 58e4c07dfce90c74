namespace Nodes;

/// <summary>A helper beside the nodes.</summary>
internal static class CardHelper
{
    internal static string Lines(params string[] lines) => string.Join("\r\n", lines);
}
