using Axiom;
using Gen;

namespace Nodes;

public static class HangNode
{
    /// <summary>Calls that were told to stop.</summary>
    internal static int Stopped;

    /// <summary>Takes its time.</summary>
    public static ProbeReply Hang(IAxiomContext ax, ProbeRequest input)
    {
        ax.Log().Info("hanging");
        try
        {
            Thread.Sleep(input.WaitMs);
        }
        catch (ThreadInterruptedException)
        {
            Interlocked.Increment(ref Stopped);
            throw;
        }

        return new ProbeReply();
    }
}
