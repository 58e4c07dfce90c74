namespace Nodes;

/// <summary>What CountStops tells of the handlers that never end by themselves.</summary>
internal static class Counted
{
    internal static int Stops;
    internal static int Outputs;
}
