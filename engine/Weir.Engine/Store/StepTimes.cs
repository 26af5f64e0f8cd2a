using System.Diagnostics;

namespace Weir.Engine.Store;

/// <summary>How long the steps of landing took, by name, in the order in which they first came.</summary>
internal sealed class StepTimes
{
    private readonly List<(string Step, TimeSpan Time)> times = [];

    public IReadOnlyList<(string Step, TimeSpan Time)> All => times;

    /// <summary>Measures until it is disposed.</summary>
    public Measurement Of(string step) => new(this, step, Stopwatch.GetTimestamp());

    private void Add(string step, TimeSpan time)
    {
        int at = times.FindIndex(t => t.Step == step);
        if (at < 0)
            times.Add((step, time));
        else
            times[at] = (step, times[at].Time + time);
    }

    public readonly struct Measurement(StepTimes times, string step, long since) : IDisposable
    {
        public void Dispose() => times.Add(step, Stopwatch.GetElapsedTime(since));
    }
}
