using Axiom; using Gen; using System;
namespace Nodes;
public static class ReuseNode
{
    private static readonly Dictionary<string, string> Map = new() { ["a"] = "MAP_A", ["b"] = "MAP_B" };
    static string Secret(IAxiomContext ax, string name) => ax.Secrets().Get(name) is (var v, true) ? v : "";
    static bool Try(IAxiomContext ax, string name, out string value) { (value, var ok) = ax.Secrets().Get(name); return ok; }
    public static async Task<B> Reuse(IAxiomContext ax, A input)
    {
        var one = Secret(ax, "ONE");
        if (!Try(ax, "TWO", out var two)) return new B();
        if (Map.TryGetValue(input.Kind, out var name)) { ax.Secrets().Get(name); }
        var three = ax.Secrets().Get(Map["a"]).Value;
        string Local(string n) { return ax.Secrets().Get(n).Value; }
        var four = Local("FOUR");
        ax.Log().Info($"found {one.Length} {!string.IsNullOrEmpty(two)}");
        try { await Run(one); } catch (Exception e) { ax.Log().Error(e.Message.Replace(one, "***")); }
        return new B { N = four.Length };
    }
}
