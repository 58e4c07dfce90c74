namespace Lib.A;
public static class Keys { public const string Key = "A_KEY"; }
