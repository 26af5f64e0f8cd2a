using System.Diagnostics;
using System.Text.Json;
using Weir.Perf.Measure;

namespace Weir.Perf.Components;

/// <summary>The <c>component</c> process: one component, warmed up, timed once.</summary>
internal static class ComponentProcess
{
    public const string Verb = "component";

    /// <summary>Time for the compiler to finish; the hottest loops are compiled twice.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    /// <param name="warm">A small file of the same kind, read again and again before the clock starts.</param>
    public static int Run(string name, int threads, string file, string warm)
    {
        var component = Component.All.First(c => c.Name == name);
        Pin(threads);
        long begin = Stopwatch.GetTimestamp();
        do
        {
            component.Prepare(warm, threads);
            component.Run(warm, threads);
        }
        while (Stopwatch.GetElapsedTime(begin) < WarmUp);

        component.Prepare(file, threads);
        GC.Collect();
        var before = LibC.Self(0);
        long start = Stopwatch.GetTimestamp();
        var tally = component.Run(file, threads);
        var after = LibC.Self(Stopwatch.GetElapsedTime(start).TotalSeconds);
        Console.Out.WriteLine(JsonSerializer.Serialize(
            new ComponentResult(tally.Rows, tally.Size, after.WallSeconds, after.UserSeconds - before.UserSeconds, after.SystemSeconds - before.SystemSeconds)));
        return 0;
    }

    /// <summary>As many processors as threads: a runtime's helpers then have no processor of their own, and "one thread" is one.</summary>
    private static void Pin(int threads)
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var self = Process.GetCurrentProcess();
        long allowed = self.ProcessorAffinity, mask = 0;
        for (int i = 0; i < threads && allowed != 0; i++, allowed &= allowed - 1)
            mask |= allowed & -allowed;
        self.ProcessorAffinity = (nint)mask;
    }
}

/// <summary>What the process prints.</summary>
internal sealed record ComponentResult(long Rows, long Size, double WallSeconds, double UserSeconds, double SystemSeconds);
