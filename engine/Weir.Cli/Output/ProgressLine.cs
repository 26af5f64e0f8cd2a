using System.Diagnostics;
using System.Globalization;
using Weir.Engine;

namespace Weir.Cli.Output;

/// <summary>One line that tells how far a run is: rows, speed, time left. Only on a terminal.</summary>
/// <param name="width">Columns of the terminal: a line that wraps could not be written over.</param>
internal sealed class ProgressLine(TextWriter error, bool visible, int width)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(120);

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Lock gate = new();
    private TimeSpan next = Pause;
    private string name = "";
    private long? total;
    private (long Rows, long Bytes)? first; // a resumed run begins with what it skips
    private TimeSpan began;

    /// <summary>Begins a source.</summary>
    /// <param name="bytes">Its size where reading it to the end means reading so many bytes; null for compressed and endless ones.</param>
    public void Begin(string source, long? bytes)
    {
        lock (gate)
            (name, total, first, began) = (Terminal.Line(Path.GetFileName(source)), bytes, null, clock.Elapsed);
    }

    public void Report(RunProgress progress)
    {
        if (!visible)
            return;
        lock (gate)
        {
            first ??= (progress.Rows, progress.Bytes);
            if (clock.Elapsed < next)
                return;
            next = clock.Elapsed + Pause;
            double seconds = Math.Max(0.001, (clock.Elapsed - began).TotalSeconds), speed = (progress.Bytes - first.Value.Bytes) / seconds;
            var parts = new List<string> { $"{Sizes.Count(progress.Rows)} rows", $"{Sizes.Count((long)((progress.Rows - first.Value.Rows) / seconds))} rows/s", $"{Sizes.Show(speed)}/s" };
            if (total is { } bytes and > 0 && speed > 0)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{Math.Min(100, 100.0 * progress.Bytes / bytes):0} %"));
                parts.Add($"{Left(Math.Max(0, (bytes - progress.Bytes) / speed))} left");
            }

            Write(string.Join(" · ", parts));
        }
    }

    public void Clear()
    {
        if (visible)
            error.Write("\r\x1b[K");
    }

    private static string Left(double seconds) => seconds switch
    {
        < 100 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        < 6_000 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3_600:0.0} h"),
    };

    private void Write(string numbers)
    {
        int room = Math.Max(0, width - 1 - numbers.Length - 2);
        string shown = Screen.Size(name) <= room ? name : room < 4 ? "" : "…" + name[^Math.Min(name.Length, (room - 1) / 2)..]; // a character may take two columns
        string line = shown.Length > 0 ? $"{shown}  {numbers}" : numbers;
        error.Write($"\r{(line.Length < width ? line : line[..Math.Max(0, width - 1)])}\x1b[K");
    }
}
