using ScottPlot;
using SkiaSharp;
using Weir.Engine.Analysis;

namespace Weir.Cli.Pictures;

/// <summary>How large, how dense and how far from the middle of its line each mark is.</summary>
internal sealed class MarkStyles
{
    private const float Step = 6.5f;

    // Marks beyond which the white rims that part them would be more ink than the marks.
    private const int MostRims = 2_000;

    private readonly TimelineMarks marks;
    private readonly SKColor[] colours;
    private readonly float row, step;
    private readonly bool rims;

    public MarkStyles(TimelineMarks marks, float row)
    {
        (this.marks, this.row) = (marks, row);
        colours = Palette.ColoursOf(marks.Logs);
        step = marks.Logs.Count < 2 ? 0 : Math.Min(Step, row * 0.6f / (marks.Logs.Count - 1));
        rims = marks.Marks.Count <= MostRims;
        Most = marks.Marks.Max(m => m.Events);
    }

    /// <summary>Events of the largest mark.</summary>
    public long Most { get; }

    /// <summary>Diameter of a mark that stands for one event.</summary>
    public float Single => Math.Clamp(Math.Min(row * 0.25f, marks.Logs.Count < 2 ? row : Math.Max(step * 1.2f, row * 0.16f)), 4.5f, 9);

    // Lanes of a line may overlap by half, not more.
    private float Largest => marks.Logs.Count < 2 ? Math.Clamp(row * 0.7f, Single + 2.5f, 22) : Math.Max(Single + 2.5f, step * 1.7f + 1);

    /// <summary>By how much marks of a log lie off the middle: those of several logs at one time stay apart.</summary>
    public float Shift(int log) => (log - (marks.Logs.Count - 1) / 2f) * step;

    /// <summary>Where a mark stands between its first and its last event: those of several addresses at one time stay apart.</summary>
    public float Along(int address) => (address + 1f) / (marks.Addresses.Count + 1);

    /// <summary>Of the line between them.</summary>
    public float Thickness(long events) => Math.Max(1, Diameter(events) * 0.3f);

    public float Diameter(long events) => events == 1 ? Single : Single + (Largest - Single) * (0.15f + 0.85f * (float)(Math.Log(events) / Math.Log(Math.Max(Most, 100))));

    public MarkerStyle Of(TimelineMark mark) => Of(Palette.ShapeOf(marks.Addresses, mark.Address), colours[mark.Log], mark.Events);

    /// <summary>Larger marks are thinner, so that what lies under them is seen.</summary>
    public MarkerStyle Of(MarkerShape shape, SKColor colour, long events)
    {
        float diameter = Palette.SizeOf(shape, Diameter(events));
        double alpha = events == 1 ? 0.95 : 0.9 - 0.4 * Math.Log(events) / Math.Log(Math.Max(Most, 100));
        var ink = new Color(colour.Red, colour.Green, colour.Blue, (byte)(255 * alpha));
        bool lines = shape is MarkerShape.Eks or MarkerShape.Cross or MarkerShape.VerticalBar or MarkerShape.OpenCircle;
        var style = new MarkerStyle(shape, diameter, ink) { LineWidth = Math.Clamp(Single * 0.22f, 1.3f, 2) };
        if (!lines && rims)
            (style.OutlineColor, style.OutlineWidth) = (Colors.White.WithAlpha(0.9), 0.8f);
        return style;
    }

    public SKColor ColourOf(int log) => colours[log];
}
