namespace Lib.B;
public static class Keys { public const string Key = "B_KEY"; }
public static class Loader { public static string Load(Axiom.IAxiomContext ax) => ax.Secrets().Get(Keys.Key).Value; }
