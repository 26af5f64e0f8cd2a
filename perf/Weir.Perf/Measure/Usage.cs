namespace Weir.Perf.Measure;

/// <summary>What a process cost, as the kernel accounts for it.</summary>
/// <param name="PeakBytes">Largest resident set.</param>
internal sealed record Usage(double WallSeconds, double UserSeconds, double SystemSeconds, long PeakBytes)
{
    public double CpuSeconds => UserSeconds + SystemSeconds;
}
