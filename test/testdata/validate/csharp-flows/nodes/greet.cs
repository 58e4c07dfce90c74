// Reads in many shapes, one a line; what is expected of each stands in expected.json.
using Axiom;
using Gen;
using System.Linq;
using static Nodes.Support.Keys;
using K = Nodes.Support.Keys;
using Nodes.Support;
namespace Nodes;
public static class GreetNode
{
    private const string Key = "OUTER";
    private static readonly List<string> Names = new() { "NM_A", "NM_B" };
    private static readonly string[] Coll = ["CO_A", "CO_B"];
    private static readonly (string Name, string Env)[] Tup = { ("TU_A", "x"), ("TU_B", "y") };
    public static B Greet(IAxiomContext ax, A input)
    {
        var (v1, ok1) = ax.Secrets().Get("DECON");
        (string v2, bool ok2) = ax.Secrets().Get("DECON2");
        var (v3, _) = ax.Secrets().Get("DECON3");
        if (ax.Secrets().Get("PAT") is { Found: true, Value: var pv }) { }
        if (ax.Secrets().Get("PAT2") is (var p2, true)) { Console.WriteLine(p2); }
        new Reader(ax).Own();
        new Reader(ax, "RD_GIVEN").Own();
        new Reader(ax).Must("MUST");
        new Reader(ax) { Label = "LAB_SET" }.ByLabel();
        var rd = new Reader(ax); _ = rd["INDEXER"];
        new TA().Run(ax); new TB().Run(ax); new TA().RunO(ax); new TB().RunO(ax);
        ax.Need("EXT");
        Ext.Need(ax, "EXTS");
        ax.TryRead("TRY", out var tv);
        Ext.Many(ax, "MN_A", "MN_B").ToList();
        Ext.With(ax, "WITH", v => v.Length);
        Ext.Via(ax.Secrets().Get, "VIA");
        Ext.Via(n => ax.Secrets().Get(n), "VIAL");
        Ext.Rec(ax, "REC", 2);
        Ext.Async(ax, n: "NAMEDARG").Result.ToString();
        ax.Secrets().Get(Mail);
        ax.Secrets().Get(K.Mail);
        ax.Secrets().Get(Keys.Deep.X);
        ax.Secrets().Get($"{Prefix}_INT");
        foreach (var n in K.All) ax.Secrets().Get(n);
        foreach (var n in Names) ax.Secrets().Get(n);
        foreach (var n in Coll) ax.Secrets().Get(n);
        foreach (var (n, e) in Tup) ax.Secrets().Get(n);
        foreach (var (k, n) in By) ax.Secrets().Get(n);
        foreach (var kv in K.By) ax.Secrets().Get(kv.Value);
        ax.Secrets().Get(By[input.K]);
        ax.Secrets().Get(Pick(input.K));
        ax.Secrets().Get(nameof(Kind.EnumA));
        ax.Secrets().Get(Kind.EnumB.ToString());
        ax.Secrets().Get(Prop);
        ax.Secrets().Get(Auto);
        ax.Secrets().Get(new Ref("REF").Name);
        ax.Secrets().Get(new RefS { Name = "REFS" }.Name);
        ax.Secrets().Get(string.Format("{0}_FMT", "S"));
        ax.Secrets().Get(string.Concat("C", "_", "D"));
        ax.Secrets().Get(string.Join("_", "J", "K"));
        ax.Secrets().Get("lo".ToUpperInvariant());
        ax.Secrets().Get(@"VERB");
        ax.Secrets().Get("""RAWS""");
        ax.Secrets().Get(name: "ARGN");
        ax.Secrets().Get(input.Name);
        ax.Secrets().Get(input.Name ?? "FALL");
        ax.Secrets().Get(string.IsNullOrEmpty(input.Name) ? "TERN" : input.Name);
        ax.Secrets().Get(Environment.GetEnvironmentVariable("E") ?? throw new Exception());
        var s = ax.Secrets(); s.Get("VAR");
        Func<string, string> get = n => s.Get(n).Value; get("FUNC");
        string Loc(string n) => ax.Secrets().Get(n).Value; Loc("LOCFN");
        string Late() { return ax.Secrets().Get(Key).Value; }
        Late();
        Names.Select(n => ax.Secrets().Get(n)).ToList();
        var q = (from n in Names select ax.Secrets().Get(n).Value).ToList();
        var dict = Names.ToDictionary(n => n, n => ax.Secrets().Get(n).Value);
        for (int i = 0; i < K.All.Length; i++) ax.Secrets().Get(K.All[i]);
        string name; if (input.K == "") name = "IF_A"; else name = "IF_B"; ax.Secrets().Get(name);
        { const string Inner = "INNER"; ax.Secrets().Get(Inner); }
        switch (input.K) { case "a": ax.Secrets().Get("SWC"); break; default: break; }
        using (var d = new Disp()) { ax.Secrets().Get("USING"); }
        lock (Names) { ax.Secrets().Get("LOCK"); }
        ax?.Secrets()?.Get("NULLC");
        ax!.Secrets()!.Get("BANG");
        ((IAxiomContext)ax).Secrets().Get("CAST");
        var tok = ax.Secrets().Get("TOK").Value;
        ax.Log().Info($"t {tok}");
        ax.Log().Info("t", new Dictionary<string, string> { ["v"] = tok });
        ax.Log().Info($"has {tok.Length}");
        Console.Error.WriteLine(tok);
        var other = new Dictionary<string, string>(); other.Get("NOPE_ONLY");
        return new B { Text = tok };
    }
}
