// Names in lists, tables, records, closures and helpers of other folders: every way to read one here.
using Axiom;
using Gen;
using System.Collections.Generic;
using System.Linq;
using Helpers;
using static Helpers.Names;
namespace Nodes;
public static class GreetNode
{
    private static readonly string[] Names1 = { "L1", "L2" };
    private static readonly List<string> Names2 = new() { "L3", "L4" };
    private static readonly Dictionary<string, string> Table = new() { ["a"] = "D1", ["b"] = "D2" };
    private static readonly Dictionary<string, string> Table2 = new() { { "a", "D3" }, { "b", "D4" } };
    private const string Prefix = "PFX";
    private record Want(string Name, bool Optional = false);
    private static readonly Want[] Wants = { new Want("W1"), new Want("W2", true) };
    private static readonly string[] Coll = ["CE1", "CE2"];
    public static B Greet(IAxiomContext ax, A input)
    {
        foreach (var n in Names1) ax.Secrets().Get(n);
        foreach (var n in Names2) ax.Secrets().Get(n);
        foreach (var n in Coll) ax.Secrets().Get(n);
        foreach (var (k, n) in Table) ax.Secrets().Get(n);
        foreach (var kv in Table2) ax.Secrets().Get(kv.Value);
        ax.Secrets().Get(Table[input.Kind]);
        if (Table.TryGetValue(input.Kind, out var tn)) ax.Secrets().Get(tn);
        foreach (var w in Wants) ax.Secrets().Get(w.Name);
        ax.Secrets().Get($"{Prefix}_ONE");
        ax.Secrets().Get(nameof(GREETER_NAME));
        ax.Secrets().Get(Names.Token);
        ax.Secrets().Get(Static1);
        System.Func<string, (string Value, bool Found)> get = ax.Secrets().Get;
        get("MR1");
        string Local(string n) => ax.Secrets().Get(n).Value;
        Local("LF1");
        var vals = Names1.Select(n => ax.Secrets().Get(n)).ToList();
        var v2 = new[] { "SEL1", "SEL2" }.Select(ax.Secrets().Get).First();
        var key = ax.Secrets().Get("O1") is { Found: true } hit ? hit.Value : ax.Secrets().Get("O2").Value;
        Creds.Fetch(ax, "LIB1");
        new Creds(ax).Key();
        ax.Need("EXT1");
        First(ax, "V1", "V2");
        var name = input.Kind switch { "a" => "SW1", _ => "SW2" };
        if (ax.Secrets().Get(name) is (var value, true)) { }
        IAxiomContext.ISecrets s = ax.Secrets();
        var (v, found) = s.Get("AL1");
        return new B();
    }
    private const string GREETER_NAME = "x";
    static string First(IAxiomContext ax, params string[] names)
    {
        foreach (var n in names) { var (v, ok) = ax.Secrets().Get(n); if (ok) return v; }
        return "";
    }
}
