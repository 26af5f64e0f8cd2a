using System.Diagnostics;

namespace Weir.Cli.Tests.Commands;

/// <summary>A small file system in memory, to fill and to write-protect.</summary>
internal sealed class Mount : IDisposable
{
    private readonly string path;

    public Mount(string path, string options)
    {
        Directory.CreateDirectory(path);
        this.path = path;
        if (!Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path))
            throw new InvalidOperationException($"Mounting {path} failed.");
    }

    /// <summary>Whether this user may mount.</summary>
    public static bool IsPermitted { get; } = Try();

    public void Remount(string options)
    {
        if (!Run("mount", "-o", "remount," + options, path))
            throw new InvalidOperationException($"Remounting {path} failed.");
    }

    public void Dispose()
    {
        if (!Run("umount", path))
            Run("umount", "-l", path);
    }

    private static bool Try()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        string folder = Directory.CreateTempSubdirectory("weir-mount-").FullName;
        try
        {
            new Mount(folder, "size=64k").Dispose();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    private static bool Run(string command, params string[] args)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command, args) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>A test that needs file systems of its own; skipped where mounting is not permitted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithMountsAttribute : FactAttribute
{
    public FactWithMountsAttribute()
    {
        if (!Mount.IsPermitted)
            Skip = "Needs the right to mount a tmpfs (root on Linux).";
    }
}

/// <summary>A test of signals as Unix sends them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactOnUnixAttribute : FactAttribute
{
    public FactOnUnixAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Needs Unix signals.";
    }
}
