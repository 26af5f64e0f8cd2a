using ScottPlot;
using SkiaSharp;
using Weir.Cli.Output;
using Weir.Engine.Analysis;

namespace Weir.Cli.Pictures;

/// <summary>What colours, shapes and sizes stand for, in a column of its own.</summary>
internal sealed class TimelineLegend
{
    public const float Spacing = 21;

    private const float TextSize = 12, HeadSize = 11, Sign = 26, BetweenGroups = 0.7f, CountGap = 14;

    private readonly TimelineMarks marks;
    private readonly Lettering letters;
    private readonly string[] logs, addresses, holes;
    private readonly bool sizes;

    public TimelineLegend(TimelineMarks marks, IReadOnlyList<TimeHole> holes, Lettering letters, float room)
    {
        (this.marks, this.letters) = (marks, letters);
        sizes = marks.Marks.Any(m => m.Events > 1);
        string[] missing = [.. holes.Select(Of).Distinct()];
        this.holes = missing.Length <= 3 ? missing : [.. missing[..2], $"{missing.Length - 2} more not acquired"];
        float counts = marks.Logs.Concat(marks.Addresses).Select(g => Sizes.Count(g.Events)).Append("events").Max(t => letters.Width(t, HeadSize));
        float text = room - Sign - CountGap - counts;
        logs = [.. marks.Logs.Select(g => letters.Fit(Name(g, "logs"), TextSize, text))];
        addresses = [.. marks.Addresses.Select(g => letters.Fit(Name(g, "addresses"), TextSize, text))];
        this.holes = [.. this.holes.Select(h => letters.Fit(h, TextSize, room - Sign))];
        float names = logs.Concat(addresses).Max(n => letters.Width(n, TextSize)) + CountGap + counts, lone = this.holes.Select(h => letters.Width(h, TextSize)).DefaultIfEmpty().Max();
        Width = Sign + Math.Max(Math.Max(names, lone), 130);
    }

    public float Width { get; }

    private float Units => 2 + logs.Length + addresses.Length + BetweenGroups + (sizes ? 2.2f + BetweenGroups : 0) + (holes.Length > 0 ? 1 + holes.Length + BetweenGroups : 0);

    public static string Of(TimeHole hole) => hole.Late ? $"{hole.Table}: late events not acquired" : $"{hole.Table}: not acquired";

    public float HeightAt(float spacing) => Units * spacing;

    /// <param name="from">Where the picture's ground begins.</param>
    /// <param name="room">How far it reaches.</param>
    /// <param name="wanted">Where the legend would best begin.</param>
    public void Draw(Sheet sheet, float x, float from, float room, float wanted, MarkStyles styles)
    {
        float spacing = Math.Min(Spacing, room / Units), y = Math.Max(from, Math.Min(wanted, from + room - HeightAt(spacing)));
        float size = Math.Min(TextSize, spacing - 1);
        using Paint paint = Paint.NewDisposablePaint();

        Head("log", counted: true);
        for (int i = 0; i < logs.Length; i++)
            Entry(MarkerShape.FilledCircle, styles.ColourOf(i), logs[i], marks.Logs[i].Events);
        y += BetweenGroups * spacing;
        Head("address", counted: true);
        for (int i = 0; i < addresses.Length; i++)
            Entry(Palette.ShapeOf(marks.Addresses, i), Palette.Quiet, addresses[i], marks.Addresses[i].Events);
        if (sizes)
        {
            y += BetweenGroups * spacing;
            Head("events in one mark");
            Scale();
        }

        if (holes.Length > 0)
        {
            y += BetweenGroups * spacing;
            Head("holes");
            foreach (string hole in holes)
            {
                HoleArea.Hatch(sheet.Canvas, new SKRect(x, y + spacing / 2 - 6, x + 16, y + spacing / 2 + 6), 5);
                sheet.Write(hole, x + Sign, y + spacing / 2 + size * 0.36f, size, Palette.Ink);
                y += spacing;
            }
        }

        void Head(string text, bool counted = false)
        {
            sheet.Write(text, x, y + spacing / 2 + HeadSize * 0.36f, Math.Min(HeadSize, size), Palette.Quiet);
            if (counted)
                sheet.Write("events", x + Width, y + spacing / 2 + HeadSize * 0.36f, Math.Min(HeadSize, size), Palette.Faint, Anchor.End);
            y += spacing;
        }

        void Entry(MarkerShape shape, SKColor colour, string name, long events)
        {
            var style = styles.Of(shape, colour, 1);
            style.Size = Palette.SizeOf(shape, 9);
            Drawing.DrawMarker(sheet.Canvas, paint, new Pixel(x + 8, y + spacing / 2), style);
            sheet.Write(name, x + Sign, y + spacing / 2 + size * 0.36f, size, Palette.Ink);
            sheet.Write(Sizes.Count(events), x + Width, y + spacing / 2 + size * 0.36f, Math.Min(HeadSize, size), Palette.Faint, Anchor.End);
            y += spacing;
        }

        void Scale()
        {
            long[] steps = Steps(styles.Most);
            float at = x + 8, middle = y + spacing * 0.6f;
            foreach (long step in steps)
            {
                float radius = styles.Diameter(step) / 2;
                string text = Sizes.Count(step);
                at = step == 1 ? x + 8 : at + radius;
                Drawing.DrawMarker(sheet.Canvas, paint, new Pixel(at, middle), styles.Of(MarkerShape.FilledCircle, Palette.Quiet, step));
                sheet.Write(text, at + radius + 5, middle + HeadSize * 0.36f, Math.Min(HeadSize, size), Palette.Ink);
                at += radius + 5 + letters.Width(text, HeadSize) + 14;
            }

            y += 1.2f * spacing;
        }
    }

    /// <summary>One, the most, rounded down to a power of ten, and what lies half way.</summary>
    private static long[] Steps(long most)
    {
        if (most < 10)
            return [1, most];
        int powers = (int)Math.Log10(most);
        return powers == 1 ? [1, 10] : [1, (long)Math.Pow(10, powers / 2), (long)Math.Pow(10, powers)];
    }

    private static string Name(MarkGroup group, string many) => group.Kind switch
    {
        MarkGroupKind.Named => group.Name!,
        MarkGroupKind.Others => group.Name ?? $"{Sizes.Count(group.Values)} other {many}",
        _ => "(none)",
    };
}
