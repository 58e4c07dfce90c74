// What the caller and the log are told of a handler's failure.
namespace Axiom.Host;

using System.Diagnostics;
using WireError = Axiom.Host.Wire.NodeError;

internal static class Failures
{
    private const string FixedSentence = "The node failed; its log has the reason.";

    /// <summary>What a caller sees of a change of the flow that was refused.</summary>
    private const string MutationCode = "MUTATION_UNAVAILABLE";

    /// <summary>
    /// The typed error as the handler wrote it. Anything else becomes the fixed sentence, and the log gets the
    /// exception's class and place: its message may hold a value (a URL with a key in it, another program's output).
    /// </summary>
    internal static WireError Describe(Exception failure, IAxiomContext.ILogger log)
    {
        if (failure is NodeError typed)
        {
            return new WireError
            {
                Typed = true,
                Code = typed.Code ?? "",
                Message = typed.Message ?? "",
                Detail = typed.Detail ?? "",
            };
        }

        if (failure is MutationError refused)
        {
            return new WireError { Typed = true, Code = MutationCode, Message = refused.Message };
        }

        if (Environment.GetEnvironmentVariable("AXIOM_SHOW_ERRORS") == "1")
        {
            // A developer asked for the failure's own text, which may hold a value.
            Console.Error.WriteLine(failure);
        }

        log.Error("the handler failed", new Dictionary<string, string>
        {
            ["exception"] = failure.GetType().FullName ?? failure.GetType().Name,
            ["at"] = PlaceOf(failure),
        });
        return new WireError { Message = FixedSentence };
    }

    /// <summary>The topmost frame of the package's own code, or the topmost of all.</summary>
    private static string PlaceOf(Exception failure)
    {
        var frames = new StackTrace(failure, fNeedFileInfo: true).GetFrames();
        var frame = frames.FirstOrDefault(candidate => TypeOf(candidate).StartsWith("Nodes.", StringComparison.Ordinal))
            ?? frames.FirstOrDefault();
        return frame is null ? "unknown" : $"{TypeOf(frame)}.{frame.GetMethod()?.Name}:{frame.GetFileLineNumber()}";
    }

    private static string TypeOf(StackFrame frame) => frame.GetMethod()?.DeclaringType?.FullName ?? "";
}
