using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace Nodes;

public sealed record MailOptions(string ApiKey, string From)
{
    public static MailOptions Load(IAxiomContext ax) =>
        new(ax.Require("MAIL_API_KEY"), ax.Require("MAIL_FROM")); // ~ reads MAIL_API_KEY, reads MAIL_FROM
}

public static class SecretsExtensions
{
    public static string Require(this IAxiomContext ax, string name) =>
        ax.Secrets().Get(name) is (var value, true) ? value : throw new InvalidOperationException($"{name} is not set");
}

public sealed class MailClient
{
    private readonly MailOptions _options;

    public MailClient(MailOptions options) => _options = options;

    public async Task<string> SendAsync(string to)
    {
        var headers = new Dictionary<string, string> { ["Authorization"] = $"Bearer {_options.ApiKey}" };
        var answer = await Http.PostAsync(to, headers);
        if (!answer.Ok)
            throw new MailException($"mail to {to} failed: {string.Join(", ", headers.Select(h => h.Value))}");
        return answer.Id;
    }
}

public sealed class MailException : Exception
{
    public MailException(string message) : base(message) { }
}

public static class SendMailNode
{
    public static async Task<Reply> SendMail(IAxiomContext ax, Request input)
    {
        var options = MailOptions.Load(ax);
        ax.Log().Info($"key of {options.ApiKey.Length} characters, from set: {options.From is not null}");
        try
        {
            var id = await new MailClient(options).SendAsync(input.To);
            return new Reply { Id = id };
        }
        catch (MailException e)
        {
            ax.Log().Error(e.Message); // ~ log
            Console.Error.WriteLine(options.ApiKey[..6]); // ~ log
            return new Reply { Error = e.Message }; // ~ message
        }
    }
}
