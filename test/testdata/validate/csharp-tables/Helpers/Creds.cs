using Axiom;
namespace Helpers;
public static class Names { public const string Token = "N1"; public const string Static1 = "N2"; }
public class Creds
{
    private readonly IAxiomContext _ax;
    public Creds(IAxiomContext ax) => _ax = ax;
    public string Key() => _ax.Secrets().Get("CL1").Value;
    public static string Fetch(IAxiomContext ax, string name) => ax.Secrets().Get(name).Value;
}
public static class Ext { public static string Need(this IAxiomContext ax, string name) => ax.Secrets().Get(name).Value; }
