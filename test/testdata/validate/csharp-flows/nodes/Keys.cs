namespace Nodes.Support;
public static class Keys
{
    public const string Prefix = "APP";
    public const string Mail = Prefix + "_MAIL";
    public static readonly string[] All = { "ALL_A", "ALL_B" };
    public static readonly IReadOnlyDictionary<string, string> By = new Dictionary<string, string> { ["a"] = "BY_A", ["b"] = "BY_B" };
    public static string Pick(string k) => k switch { "a" => "PK_A", "b" => "PK_B", _ => "PK_C" };
    public enum Kind { EnumA, EnumB }
    public static string Prop => "PROP";
    public static string Auto { get; } = "AUTO";
    public static class Deep { public const string X = "DEEP_X"; }
}
public record Ref(string Name, bool Needed = true);
public record struct RefS { public string Name { get; init; } }
public class Reader(IAxiomContext ax, string name = "RD_DEF")
{
    private readonly ISecretsAlias secrets = ax.Secrets();
    public string Label { get; set; } = "LABEL";
    public string Own() { var (v, ok) = ax.Secrets().Get(name); return ok ? v : ""; }
    public string Must(string n) => ax.Secrets().Get(n) is (var v, true) ? v : throw new InvalidOperationException($"no {n}");
    public (string, bool) ByLabel() => ax.Secrets().Get(Label);
    public string this[string n] => ax.Secrets().Get(n).Value;
}
public abstract class Tmpl
{
    protected abstract string Key { get; }
    protected virtual string Other() => "TM_VIRT";
    public string Run(IAxiomContext ax) => ax.Secrets().Get(Key).Value;
    public string RunO(IAxiomContext ax) => ax.Secrets().Get(Other()).Value;
}
public class TA : Tmpl { protected override string Key => "TM_A"; }
public class TB : Tmpl { protected override string Key { get { return "TM_B"; } } protected override string Other() => "TM_OVER"; }
public static class Ext
{
    public static string Need(this IAxiomContext ax, string n) { var r = ax.Secrets().Get(n); return r.Found ? r.Value : ""; }
    public static bool TryRead(this IAxiomContext ax, string n, out string value) { (value, var ok) = ax.Secrets().Get(n); return ok; }
    public static IEnumerable<string> Many(IAxiomContext ax, params string[] names) { foreach (var n in names) yield return ax.Secrets().Get(n).Value; }
    public static T With<T>(IAxiomContext ax, string n, Func<string, T> f) => f(ax.Secrets().Get(n).Value);
    public static string Via(Func<string, (string Value, bool Found)> get, string n) => get(n).Value;
    public static int Rec(IAxiomContext ax, string n, int d) => d == 0 ? ax.Secrets().Get(n).Value.Length : Rec(ax, n, d - 1);
    public static async Task<string> Async(IAxiomContext ax, string n, string fallback = "FB") { await Task.Yield(); return ax.Secrets().Get(n).Value; }
}
