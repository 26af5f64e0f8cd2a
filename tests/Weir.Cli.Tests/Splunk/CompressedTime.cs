namespace Weir.Cli.Tests.Splunk;

/// <summary>A clock on which an hour of waiting is over in seconds. What it says of the day is fixed.</summary>
internal sealed class CompressedTime(DateTimeOffset start, int factor = 1_000) : TimeProvider
{
    private readonly long began = System.GetTimestamp();
    private TimeSpan skipped;

    public override long TimestampFrequency => System.TimestampFrequency;

    /// <summary>Time passes; nothing that waits is woken by it.</summary>
    public void Skip(TimeSpan time) => skipped += time;

    public override DateTimeOffset GetUtcNow() => start + skipped + GetElapsedTime(began * factor, GetTimestamp());

    public override long GetTimestamp() => System.GetTimestamp() * factor;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, Short(dueTime), Short(period));

    private TimeSpan Short(TimeSpan time) => time <= TimeSpan.Zero ? time : TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMillisecond, time.Ticks / factor));
}
