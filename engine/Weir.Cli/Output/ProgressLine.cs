using System.Diagnostics;
using System.Globalization;
using Weir.Engine;

namespace Weir.Cli.Output;

/// <summary>One line that tells how far a run is: rows, speed, time left. Only on a terminal.</summary>
internal sealed class ProgressLine(TextWriter error, bool visible)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(120);

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Lock gate = new();
    private TimeSpan next = Pause;
    private string name = "";
    private long? total;
    private long first;
    private TimeSpan began;

    /// <summary>Begins a source.</summary>
    /// <param name="bytes">Its size where reading it to the end means reading so many bytes; null for compressed and endless ones.</param>
    public void Begin(string source, long? bytes)
    {
        lock (gate)
            (name, total, first, began) = (Terminal.Line(Path.GetFileName(source)), bytes, -1, clock.Elapsed);
    }

    public void Report(RunProgress progress)
    {
        if (!visible)
            return;
        lock (gate)
        {
            if (first < 0)
                first = progress.Bytes;
            if (clock.Elapsed < next)
                return;
            next = clock.Elapsed + Pause;
            double seconds = Math.Max(0.001, (clock.Elapsed - began).TotalSeconds), speed = (progress.Bytes - first) / seconds;
            string left = total is { } bytes && speed > 0 ? string.Create(CultureInfo.InvariantCulture, $" · {100.0 * progress.Bytes / bytes:0} % · {Math.Max(0, (bytes - progress.Bytes) / speed):0} s left") : "";
            Write(string.Create(CultureInfo.InvariantCulture, $"{name}  {Sizes.Count(progress.Rows)} rows · {Sizes.Show(speed)}/s{left}"));
        }
    }

    public void Clear()
    {
        if (visible)
            error.Write("\r\x1b[K");
    }

    private void Write(string line) => error.Write($"\r{line}\x1b[K");
}
