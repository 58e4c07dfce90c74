// Reads in many shapes, one a line; what is expected of each stands in expected.json.
using Axiom;
namespace Nodes;
public static class GreetNode
{
    private static readonly Dictionary<string, Func<IAxiomContext, string>> Handlers = new() { ["a"] = ax => ax.Secrets().Get("HA").Value, ["b"] = HandleB };
    private static readonly Dictionary<string, string> Map = new() { { "x", "DM_X" }, { "y", "DM_Y" } };
    private static string HandleB(IAxiomContext ax) => ax.Secrets().Get("HB").Value;
    private interface INamed { string Name { get; } string Read(IAxiomContext ax) => ax.Secrets().Get(Name).Value; }
    private sealed class Named : INamed { public string Name => "INAMED"; }
    private class Base { protected IAxiomContext Ctx { get; } public Base(IAxiomContext c) => Ctx = c; protected string Get(string n) { var (v, _) = Ctx.Secrets().Get(n); return v; } }
    private sealed class Derived : Base { public Derived(IAxiomContext c) : base(c) { } public string Go() => base.Get("DERIVED"); }
    private delegate string Reader(string name);
    private static async IAsyncEnumerable<string> Stream(IAxiomContext ax, IEnumerable<string> ns) { foreach (var n in ns) { yield return ax.Secrets().Get(n).Value; await Task.Yield(); } }
    private static bool Try(ISecretsOf s, string n, out string v) { v = ""; return false; }
    private static string Kind(string k) { switch (k) { case "a": return "KS_A"; case "b": goto default; default: return "KS_B"; } }
    private static T Use<T>(Func<T> f) => f();
    private static string Local(IAxiomContext ax) { return Inner("LOCAL_IN"); string Inner(string n) { return ax.Secrets().Get(n).Value; } }
    public static async Task<B> Greet(IAxiomContext ax, A input)
    {
        foreach (var h in Handlers.Values) h(ax);
        Handlers["a"](ax);
        new Cred("CRED").Read(ax);
        INamed named = new Named(); named.Read(ax);
        new Derived(ax).Go();
        Reader r = n => ax.Secrets().Get(n).Value; r("DELEG");
        await foreach (var s in Stream(ax, new[] { "ST_A", "ST_B" })) { }
        ax.Secrets().Get(Kind(input.K));
        Use(() => ax.Secrets().Get("USE"));
        Local(ax);
        if (Map.TryGetValue(input.K, out var name)) ax.Secrets().Get(name);
        var list = new List<string> { "LI_A" }; list.Add("LI_B"); foreach (var n in list) ax.Secrets().Get(n);
        ax.Secrets().Get(input.K switch { "p" => "PX", { Length: > 3 } => "PY", _ => throw new Exception() });
        var (a, b) = (ax.Secrets().Get("TU_1").Value, ax.Secrets().Get("TU_2").Value);
        (string x, _) = ax.Secrets().Get("TU_3");
        if (!ax.Secrets().Get("NOTF").Found) throw new InvalidOperationException("NOTF");
        var val = ax.Secrets().Get("TERN") is { Found: true } hit ? hit.Value : "none";
        string[] required = ["RC_A", "RC_B"];
        var missing = required.Where(n => !ax.Secrets().Get(n).Found).ToArray();
        if (missing.Length > 0) ax.Log().Warn($"missing {string.Join(", ", missing)}");
        var opts = new Options { Ctx = ax, Name = "OPTI" }; opts.Ctx.Secrets().Get(opts.Name);
        ax.Secrets().Get($"""INTRAW""");
        ax.Secrets().Get("A" + nameof(Map) + 'c');
        await Task.WhenAll(new[] { "WA_A", "WA_B" }.Select(async n => { await Task.Yield(); return ax.Secrets().Get(n).Value; }));
        Parallel.ForEach(required, n => ax.Secrets().Get(n));
        try { Call(a); } catch (Exception e) when (e is not null) { ax.Log().Error("x", new Dictionary<string, string> { ["e"] = e.Message }); }
        ax.Log().Debug("masked", new Dictionary<string, string> { ["k"] = new string('*', a.Length) });
        Console.WriteLine($"{val.Length} {val}");
        var reply = new B { Ok = a.Length > 0 };
        reply.Items.Add(b);
        return reply;
    }
    private sealed class Options { public IAxiomContext Ctx { get; set; } public string Name { get; set; } }
    private static void Call(string v) { }
}
