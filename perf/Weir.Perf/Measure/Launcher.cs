using System.Diagnostics;
using System.Text.Json;

namespace Weir.Perf.Measure;

/// <summary>Runs a command as a process of its own and says what it cost.</summary>
/// <remarks>
/// Each command is started by a fresh <c>measure</c> process, which has no other child: getrusage(RUSAGE_CHILDREN) is then exact for
/// any command, in any language, without polling. The peak cannot read lower than the measuring process was at the start (about
/// 40 MB), because a child shares its parent's memory until it executes; this process itself would be far above that after a comparison.
/// </remarks>
internal static class Launcher
{
    /// <summary>What is kept of a command's output: results stand at its end.</summary>
    public const int PrintedMost = 16_384;

    /// <summary>Runs and measures the command.</summary>
    /// <exception cref="PerfException">It cannot be started or its exit code is not 0.</exception>
    public static Usage Run(string name, IReadOnlyList<string> command)
    {
        using var process = Start([.. Self, "measure", .. command], captureErrors: true);
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new PerfException(2, $"{name}: {Headline(errors.Result)}");
        return JsonSerializer.Deserialize<Usage>(output) ?? throw new PerfException(2, $"{name}: no measurement came back.");
    }

    /// <summary>The <c>measure</c> process: runs the command, prints a <see cref="Usage"/> as JSON.</summary>
    public static int Measure(string[] command)
    {
        if (!OperatingSystem.IsLinux())
            throw new PerfException(2, "measure: cpu time and peak memory are read as 64-bit Linux reports them; run it there.");
        long start = Stopwatch.GetTimestamp();
        using var process = Start(command, captureErrors: true);
        var printed = ReadEndAsync(process.StandardOutput);   // read all along, so that the command never waits for us
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (process.ExitCode != 0)
            throw new PerfException(2, $"exit code {process.ExitCode}, expected 0. {Headline(errors)}");
        Console.Out.WriteLine(JsonSerializer.Serialize(LibC.Children(wall) with { Printed = printed.Result }));
        return 0;
    }

    private static async Task<string> ReadEndAsync(StreamReader output)
    {
        char[] buffer = new char[PrintedMost];
        string end = "";
        for (int n; (n = await output.ReadAsync(buffer)) > 0;)
        {
            end += new string(buffer, 0, n);
            end = end[Math.Max(0, end.Length - PrintedMost)..];
        }

        return end;
    }

    /// <summary>Output of a short command, such as git; null where it fails.</summary>
    public static string? Ask(string folder, params string[] command)
    {
        try
        {
            using var process = Start(command, captureErrors: true, folder);
            var errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            errors.Wait();
            return process.ExitCode == 0 ? output.Trim() : null;
        }
        catch (PerfException)
        {
            return null;
        }
    }

    /// <summary>The command that starts this program again.</summary>
    public static IReadOnlyList<string> Self { get; } =
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, typeof(Launcher).Assembly.Location]
            : [Environment.ProcessPath!];

    public static Process Start(IReadOnlyList<string> command, bool captureErrors, string? folder = null)
    {
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = captureErrors,
            WorkingDirectory = folder ?? "",
        };
        try
        {
            return Process.Start(info)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new PerfException(2, $"{command[0]} cannot be started: {e.Message}.");
        }
    }

    /// <summary>The line that says most: the last one, or where a runtime printed a stack behind it, its headline.</summary>
    private static string Headline(string text)
    {
        string[] lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.FirstOrDefault(l => l.StartsWith("Unhandled exception", StringComparison.Ordinal)) ?? lines.LastOrDefault() ?? "It printed no error.";
    }
}
