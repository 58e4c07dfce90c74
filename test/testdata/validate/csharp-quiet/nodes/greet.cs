// Reads in many shapes, one a line; what is expected of each stands in expected.json.
namespace Nodes;
public static class GreetNode
{
    public static B Greet(IAxiomContext ax, A input)
    {
        var (key, ok) = ax.Secrets().Get("K");
        if (!ok) { ax.Log().Error("K missing", new Dictionary<string, string> { ["ok"] = ok.ToString() }); return new B { Error = "K is not configured" }; }
        ax.Log().Info($"have {key.Length} {key == ""} {string.IsNullOrEmpty(key)} {key.StartsWith("sk-")}");
        var c = new Client(key, "x");
        var text = c.Call(input.Text);
        ax.Log().Info("called", new Dictionary<string, string> { ["base"] = c.Base, ["n"] = c.Count.ToString() });
        using var http = new HttpClient(); http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        var body = http.GetStringAsync("https://x").Result;
        var b = new B { Text = body.Replace(key, "***"), Ok = ok, N = key.Length, Other = text, Status = ok ? "set" : "unset" };
        try { Use(key); } catch (Exception e) { ax.Log().Error(e.Message); b.Error = e.ToString(); }
        { var name = input.Text; ax.Log().Info(name); b.Name = name; }
        return b;
    }
    static void Use(string k) { }
    sealed class Client(string key, string @base) { public string Base => @base; public int Count; public string Call(string s) => s + (key.Length > 0 ? "" : "!"); }
}
