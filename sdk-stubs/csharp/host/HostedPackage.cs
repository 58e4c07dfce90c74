// The package that a node host serves.
namespace Axiom.Host;

/// <summary>Name is handle/package-name; Version is axiom.yaml's.</summary>
public sealed record HostedPackage(string Name, string Version, IReadOnlyList<Node> Nodes)
{
    internal T? Find<T>(string name) where T : Node => Nodes.OfType<T>().FirstOrDefault(node => node.Name == name);
}
