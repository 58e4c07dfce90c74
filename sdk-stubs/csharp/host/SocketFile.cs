// The Unix socket's file: mode 0600 from its first instant under its name.
#pragma warning disable CA1416 // Windows has no file modes, and no sidecar either.
namespace Axiom.Host;

using System.Security.Cryptography;

/// <summary>
/// .NET cannot set a umask, so the socket is bound in a private folder beside its place and then moved there.
/// </summary>
internal sealed class SocketFile
{
    private readonly string path;
    private readonly string folder;

    private SocketFile(string path, string folder)
    {
        this.path = path;
        this.folder = folder;
    }

    /// <summary>Where to bind.</summary>
    internal string Draft => Path.Combine(folder, "s");

    /// <summary>Throws IOException where the path holds something else than a socket that was left behind.</summary>
    internal static SocketFile Prepare(string path)
    {
        var place = Path.GetFullPath(path);
        // A socket reads as a file with no other attribute and no length.
        if (Directory.Exists(place) || (File.Exists(place) && new FileInfo(place).Length > 0))
        {
            throw new IOException("there is a file of that name that is no socket; remove it or set AXIOM_SOCKET");
        }

        // Short, because a socket's path holds 108 bytes at most (unix(7)).
        var name = "." + RandomNumberGenerator.GetHexString(6, lowercase: true);
        var folder = Path.Combine(Path.GetDirectoryName(place) ?? "/", name);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new SocketFile(place, folder);
    }

    /// <summary>Gives the bound socket its name.</summary>
    internal void Publish()
    {
        File.SetUnixFileMode(Draft, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(Draft, path, overwrite: true);
        Directory.Delete(folder);
    }

    /// <summary>Takes back what Prepare made, when nothing could be bound there.</summary>
    internal void Discard()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Best effort: the process is about to end.</summary>
    internal void Remove()
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"could not remove {path}");
        }
    }
}
