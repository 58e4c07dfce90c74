// The thread that a synchronous handler runs on.
namespace Axiom.Host;

/// <summary>One thread for each call: the handler may block, and cancellation interrupts it and nobody else.</summary>
internal static class HandlerThread
{
    internal static async Task<T> Run<T>(Func<T> work, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        })
        {
            IsBackground = true,
            Name = "axiom-handler",
        };
        thread.Start();
        using var interrupting = cancellation.Register(thread.Interrupt);
        return await done.Task;
    }
}
