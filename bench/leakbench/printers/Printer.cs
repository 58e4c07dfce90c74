// What .NET prints of a value. Reads values in base64, one a line; writes language, form and text.

using System.Net;
using System.Security;
using System.Text;
using System.Text.Json;
using System.Web;

var forms = new Dictionary<string, Func<string, string>>
{
    ["interpolation"] = v => $"used {v}",
    ["record"] = v => new Settings("db", v).ToString(),
    ["JsonSerializer"] = v => JsonSerializer.Serialize(new { key = v }),
    ["JsonSerializer of bytes"] = v => JsonSerializer.Serialize(Encoding.UTF8.GetBytes(v)),
    ["FormatException"] = v => ErrorOf(() => int.Parse(v), v),
    ["UriFormatException"] = v => ErrorOf(() => new Uri(v), v),
    ["BitConverter"] = v => BitConverter.ToString(Encoding.UTF8.GetBytes(v)),
    ["ToHexString"] = v => Convert.ToHexString(Encoding.UTF8.GetBytes(v)),
    ["ToBase64String"] = v => Convert.ToBase64String(Encoding.UTF8.GetBytes(v)),
    ["ToBase64String in lines"] = v =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(v), Base64FormattingOptions.InsertLineBreaks),
    ["Uri.EscapeDataString"] = Uri.EscapeDataString,
    ["WebUtility.UrlEncode"] = v => WebUtility.UrlEncode(v),
    ["WebUtility.HtmlEncode"] = v => WebUtility.HtmlEncode(v),
    ["SecurityElement.Escape"] = v => SecurityElement.Escape(v),
    ["JavaScriptStringEncode"] = v => HttpUtility.JavaScriptStringEncode(v),
};

while (Console.ReadLine() is { } line)
{
    var value = Encoding.UTF8.GetString(Convert.FromBase64String(line));
    foreach (var (form, text) in forms)
        Console.WriteLine($"csharp\t{form}\t{Convert.ToBase64String(Encoding.UTF8.GetBytes(text(value)))}");
}

static string ErrorOf(Func<object> action, string value)
{
    try { action(); } catch (Exception error) { return error.Message; }
    return value;
}

record Settings(string Host, string Token);
