using System.Diagnostics;

namespace Weir.Engine.Store;

/// <summary>What differs between systems: durable writes, moves that never overwrite, processes.</summary>
internal static class FileSystem
{
    /// <summary>Makes the file's bytes durable.</summary>
    public static void Sync(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Moves a file to a name that nobody has; where another process was first, theirs stays.</summary>
    public static void MoveIfAbsent(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: false);
        }
        catch (IOException) when (File.Exists(to))
        {
            // Two processes created the same case: both made the same empty one.
        }
    }

    /// <summary>Gives a file the permissions of another.</summary>
    public static void CopyMode(string from, string to)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(to, File.GetUnixFileMode(from));
    }

    /// <summary>The file behind a link; the path itself where it is none.</summary>
    public static string Target(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    public static bool IsRunning(int process)
    {
        try
        {
            using Process found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
