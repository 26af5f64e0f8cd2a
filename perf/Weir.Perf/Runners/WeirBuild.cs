using Weir.Perf.Measure;

namespace Weir.Perf.Runners;

/// <summary>The command line tool as users get it: a Release build.</summary>
internal static class WeirBuild
{
    /// <summary>Builds engine/Weir.Cli and gives the path of the executable.</summary>
    public static string Build(string root)
    {
        string output = Path.Combine(root, "perf", "bin", "weir");
        Console.Error.WriteLine("building engine/Weir.Cli ...");
        // Build servers would stay in memory beside the runs that are measured.
        using var process = Launcher.Start(
            ["dotnet", "build", Path.Combine(root, "engine", "Weir.Cli"), "-c", "Release", "-o", output, "--disable-build-servers", "--nologo"],
            captureErrors: false, root);
        string log = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            Console.Error.Write(log);
            throw new PerfException(2, "weir: engine/Weir.Cli does not build; the errors stand above. --weir PATH takes a finished executable.");
        }

        return Find(Path.Combine(output, OperatingSystem.IsWindows() ? "weir.exe" : "weir"));
    }

    /// <summary>How the command line of that executable begins.</summary>
    public static IReadOnlyList<string> Start(string weir) => weir.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", weir] : [weir];

    /// <summary>Checks that a given executable is there.</summary>
    public static string Find(string path) => File.Exists(path)
        ? Path.GetFullPath(path)
        : throw new PerfException(2, $"weir: no executable at {path}. Build engine/Weir.Cli, or give its path with --weir.");
}
