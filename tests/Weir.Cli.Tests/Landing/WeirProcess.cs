using System.Diagnostics;
using System.Globalization;

namespace Weir.Cli.Tests.Landing;

/// <summary>The tool as a process of its own, to be killed.</summary>
internal static class WeirProcess
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromMinutes(2);

    public static Process Start(IEnumerable<string> args, string? failPoint = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "weir.dll"));
        foreach (string arg in args)
            start.ArgumentList.Add(arg);
        start.Environment["WEIR_FAILPOINT"] = failPoint;
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static void Kill(Process process) => process.Kill();

    /// <summary>Ctrl-C.</summary>
    public static void Interrupt(Process process)
    {
        using var signal = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        signal.WaitForExit();
    }

    /// <summary>Runs to the end, or to the kill.</summary>
    public static async Task<(int Exit, string Error)> RunAsync(IEnumerable<string> args, string? failPoint = null, TimeSpan? killAfter = null, Action<Process>? kill = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        using Process process = Start(args, failPoint, environment);
        using var watchdog = new CancellationTokenSource(Watchdog);
        Task<string> output = process.StandardOutput.ReadToEndAsync(watchdog.Token), error = process.StandardError.ReadToEndAsync(watchdog.Token);
        if (killAfter is { } time)
        {
            await Task.WhenAny(process.WaitForExitAsync(watchdog.Token), Task.Delay(time, watchdog.Token));
            if (!process.HasExited)
                (kill ?? Kill)(process);
        }

        await process.WaitForExitAsync(watchdog.Token);
        await output;
        return (process.ExitCode, await error);
    }
}
