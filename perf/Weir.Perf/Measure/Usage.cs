namespace Weir.Perf.Measure;

/// <summary>What a process cost, as the kernel accounts for it.</summary>
/// <param name="PeakBytes">Largest resident set.</param>
internal sealed record Usage(double WallSeconds, double UserSeconds, double SystemSeconds, long PeakBytes)
{
    public double CpuSeconds => UserSeconds + SystemSeconds;

    /// <summary>The last lines that the process printed, at most <see cref="Launcher.PrintedMost"/> characters.</summary>
    public string Printed { get; init; } = "";
}
