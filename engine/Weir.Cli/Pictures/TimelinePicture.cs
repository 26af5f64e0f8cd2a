using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using ScottPlot;
using ScottPlot.Rendering.RenderActions;
using ScottPlot.TickGenerators;
using SkiaSharp;
using Weir.Cli.Output;
using Weir.Engine.Analysis;

namespace Weir.Cli.Pictures;

/// <summary>The timeline as a picture: a line a user, shapes for addresses, colours for logs, hatching where nothing was fetched.</summary>
internal sealed partial class TimelinePicture
{
    private const float Margin = 28, Gap = 12, TextSize = 12.5f, SmallSize = 11, TitleSize = 20, LegendGap = 30;

    // Room of many lines: a picture about as high as it is wide.
    private const float MostOfLines = 1_500;

    // Beyond a quarter of the span a hole would push the events together.
    private const double HoleShare = 0.25;

    private readonly TimelineMarks marks;
    private readonly PictureOptions options;
    private readonly Lettering letters;
    private readonly IReadOnlyList<TimeHole> holes;
    private readonly DateTime from, to;
    private readonly float left, right, top, bottom, row, nameRoom, countRoom;
    private readonly TimelineLegend legend;
    private readonly MarkStyles styles;

    public TimelinePicture(TimelineMarks marks, IReadOnlyList<TimeHole> holes, PictureOptions options)
    {
        letters = new Lettering(codes: !options.Svg);
        (this.marks, this.options) = (marks, options);
        (DateTime first, DateTime last) = Range(marks, holes, options.Asked);
        this.holes = [.. holes.Where(h => h.From < last && h.To > first)];
        HolesOutside = holes.Count - this.holes.Count;
        double edge = (last - first).Ticks * 0.015;
        (from, to) = (Shifted(first, -edge), Shifted(last, edge));

        nameRoom = Math.Min(options.Width * 0.19f, marks.Users.Max(u => letters.Width(letters.Fit(Name(u), TextSize, options.Width * 0.19f), TextSize)));
        countRoom = Math.Max(letters.Width("events", SmallSize), marks.Users.Max(u => letters.Width(Sizes.Count(u.Events), SmallSize)));
        legend = new TimelineLegend(marks, this.holes, letters, Math.Max(190, options.Width * 0.2f));
        left = Margin + nameRoom + Gap + countRoom + Gap;
        right = Margin + legend.Width + LegendGap;
        top = Margin + (options.Title is null ? 0 : TitleSize + 10) + SmallSize + (this.holes.Count > 0 ? 38 : 28);
        bottom = Margin + 50;

        int lines = marks.Users.Count;
        float wanted = lines switch { <= 4 => 64, <= 10 => 44, _ => Math.Max(18, Math.Min(10 + 4 * marks.Logs.Count, MostOfLines / lines)) };
        Height = options.Height ?? (int)Math.Ceiling(Math.Max(top + bottom + lines * wanted, legend.HeightAt(TimelineLegend.Spacing) + 2 * Margin));
        row = (Height - top - bottom) / lines;
        styles = new MarkStyles(marks, row);
    }

    public int Height { get; }

    /// <summary>Holes that lie too far from the events to be drawn.</summary>
    public int HolesOutside { get; }

    /// <summary>How many users have a line of their own on a picture of some height.</summary>
    public static int UsersAt(int? height) => height is { } asked ? Math.Clamp((int)((asked - 170) / 12f) - 2, 1, 200) : new MarkLimits().Users;

    /// <summary>Writes the picture in the form that its options name.</summary>
    public void Write(Stream file)
    {
        if (options.Svg)
            WriteSvg(file);
        else
            WritePng(file);
    }

    private void WritePng(Stream file)
    {
        using SKSurface surface = SKSurface.Create(new SKImageInfo(options.Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Draw(new Sheet(surface.Canvas, letters, null));
        using SKImage image = surface.Snapshot();
        using SKData data = image.Encode(SKEncodedImageFormat.Png, 100);
        data.SaveTo(file);
    }

    /// <summary>The picture as an SVG that needs nothing beside it; its text is text.</summary>
    private void WriteSvg(Stream file)
    {
        var texts = new XElement(Sheet.Svg + "g", new XAttribute("font-family", Lettering.Families));
        using var shapes = new MemoryStream();
        using (SKCanvas canvas = SKSvgCanvas.Create(new SKRect(0, 0, options.Width, Height), shapes))
            Draw(new Sheet(canvas, letters, texts));
        XDocument svg = XDocument.Parse(Lean(shapes.ToArray()));
        string title = letters.Fit(options.Title ?? "Timeline", TextSize, float.MaxValue);
        svg.Root!.SetAttributeValue("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {options.Width} {Height}"));
        svg.Root.SetAttributeValue("role", "img");
        svg.Root.AddFirst(new XElement(Sheet.Svg + "title", title), new XElement(Sheet.Svg + "desc", Summary()));
        svg.Root.Add(texts);
        using XmlWriter writer = XmlWriter.Create(file, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, IndentChars = " ", NewLineChars = "\n" });
        svg.Save(writer);
    }

    /// <summary>What the picture is of, in one line.</summary>
    public string Summary()
    {
        string zone = TimeTicks.Name(marks.First, marks.Last, options.Zone);
        var parts = new List<string>
        {
            Sizes.Count(marks.Events, "event"),
            Sizes.Count(Values(marks.Users), "user"),
            Sizes.Count(Values(marks.Addresses), "address", "addresses"),
            Sizes.Count(Values(marks.Logs), "log"),
            marks.First == marks.Last ? Wall(marks.First) : $"{Wall(marks.First)} to {Wall(marks.Last)} ({zone})",
        };
        if (marks.Undated > 0)
            parts.Add($"{Sizes.Count(marks.Undated, "event")} without a time not drawn");
        if (HolesOutside > 0)
            parts.Add($"{Sizes.Count(HolesOutside, "range")} not acquired outside the picture");
        return string.Join(" · ", parts);

        string Wall(DateTime time) => TimeZoneInfo.ConvertTimeFromUtc(time, options.Zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>What was looked at and how it is drawn, for the reader of the command.</summary>
    public string Told()
    {
        long most = marks.Marks.Max(m => m.Events);
        string drawn = !marks.Binned ? (most == 1 ? "a mark each" : $"{Sizes.Count(marks.Marks.Count, "mark")}: events of one moment share one")
            : $"put together by time into {Sizes.Count(marks.Marks.Count, "mark")} of up to {Sizes.Count(most, "event")}";
        string missing = holes.Count + HolesOutside == 0 ? "" : $"; {Sizes.Count(holes.Count, "range")} not acquired hatched{(HolesOutside == 0 ? "" : $", {Sizes.Count(HolesOutside)} outside the picture")}";
        string undated = marks.Undated == 0 ? "" : $"; {Sizes.Count(marks.Undated, "event")} without a time not drawn";
        string span = marks.First == marks.Last ? Times.Show(marks.First) : $"{Times.Show(marks.First)} to {Times.Show(marks.Last)}";
        return $"{Sizes.Count(marks.Events, "event")} of {Sizes.Count(Values(marks.Users), "user")}, {Sizes.Count(Values(marks.Addresses), "address", "addresses")} and {Sizes.Count(Values(marks.Logs), "log")}, {span}; {drawn}{missing}{undated}";
    }

    public static long Values(IReadOnlyList<MarkGroup> groups) => groups.Sum(g => g.Values);

    /// <summary>Drawn shapes without what no eye sees, and with names that stay apart where several pictures are on one page.</summary>
    private static string Lean(byte[] shapes)
    {
        string own = Convert.ToHexStringLower(SHA256.HashData(shapes))[..8];
        string text = Encoding.UTF8.GetString(shapes).Replace(" stroke-miterlimit=\"4\"", "", StringComparison.Ordinal);
        return ClipName().Replace(BeyondCents().Replace(text, "$1"), $"$1weir_{own}_");
    }

    private static string Name(MarkGroup user) => user.Kind switch
    {
        MarkGroupKind.Named => user.Name!,
        MarkGroupKind.Others => $"({Sizes.Count(user.Values, "other")})",
        _ => "(none)",
    };

    private static (DateTime First, DateTime Last) Range(TimelineMarks marks, IReadOnlyList<TimeHole> holes, (DateTime From, DateTime To)? asked)
    {
        if (asked is { } all && all.From < all.To)
            return all;
        (DateTime first, DateTime last) = (marks.First, marks.Last);
        if (last - first < TimeSpan.FromMicroseconds(20))
            (first, last) = (Shifted(first, -TimeSpan.TicksPerMinute), Shifted(last, TimeSpan.TicksPerMinute));
        double room = (last - first).Ticks * HoleShare;
        DateTime earliest = Shifted(first, -room), latest = Shifted(last, room);
        foreach (TimeHole hole in holes.Where(h => h.From < latest && h.To > earliest))
        {
            DateTime start = hole.From > earliest ? hole.From : earliest, end = hole.To < latest ? hole.To : latest;
            (first, last) = (start < first ? start : first, end > last ? end : last);
        }

        return (first, last);
    }

    private static DateTime Shifted(DateTime time, double ticks) => new(Math.Clamp(time.Ticks + (long)ticks, 0, DateTime.MaxValue.Ticks), DateTimeKind.Utc);

    private double X(DateTime time) => (time - from).Ticks / (double)TimeSpan.TicksPerSecond;

    private void Draw(Sheet sheet)
    {
        IReadOnlyList<TimeTick> ticks = TimeTicks.Between(from, to, options.Zone, Math.Max(2, (int)((options.Width - left - right) / 105)));
        using var plot = new Plot();
        plot.FigureBackground.Color = Colors.White;
        plot.Layout.Fixed(new PixelPadding(left, right, bottom, top));
        plot.Axes.SetLimits(0, X(to), marks.Users.Count - 0.5, -0.5);
        foreach (IPanel panel in plot.Axes.GetPanels().Where(p => p.Edge != Edge.Bottom))
            panel.IsVisible = false;
        plot.Axes.Bottom.TickGenerator = new NumericManual([.. ticks.Select(t => new Tick(X(t.Time), ""))]);
        plot.Axes.Bottom.FrameLineStyle.Color = Shade(Palette.Faint);
        plot.Axes.Bottom.MajorTickStyle.Color = Shade(Palette.Faint);
        plot.Axes.Bottom.MajorTickStyle.Length = 5;
        plot.HideGrid();
        plot.Add.Plottable(new Ground(marks.Users.Count, [.. ticks.Select(t => X(t.Time))]));
        plot.Add.Plottable(new HoleArea([.. holes.Select(h => (X(h.From), X(h.To)))]));
        plot.Add.Plottable(new MarkField(marks.Marks, X, styles));
        plot.RenderManager.EnableEvents = false;
        plot.RenderManager.Remove<ClearCanvas>(); // which would be a black sheet in SVG
        plot.Render(sheet.Canvas, new PixelRect(0, options.Width, Height, 0));

        WriteHead(sheet);
        WriteUsers(sheet);
        WriteTicks(sheet, ticks);
        WriteHoles(sheet);
        legend.Draw(sheet, options.Width - Margin - legend.Width, Margin, Height - 2 * Margin, top, styles);
    }

    private void WriteHead(Sheet sheet)
    {
        float y = Margin, room = options.Width - 2 * Margin - legend.Width - LegendGap;
        if (options.Title is { } title)
        {
            sheet.Write(letters.Fit(title, TitleSize, room), Margin, y + TitleSize * 0.78f, TitleSize, Palette.Ink);
            y += TitleSize + 10;
        }

        sheet.Write(letters.Fit(Summary(), TextSize, room), Margin, y + TextSize * 0.78f, TextSize, Palette.Quiet);
    }

    private void WriteUsers(Sheet sheet)
    {
        float size = Math.Min(TextSize, row - 2), small = Math.Min(SmallSize, size);
        sheet.Write("events", left - Gap, top - 8, SmallSize, Palette.Faint, Anchor.End);
        for (int i = 0; i < marks.Users.Count; i++)
        {
            MarkGroup user = marks.Users[i];
            float y = top + (i + 0.5f) * row + size * 0.36f;
            sheet.Write(letters.Fit(Name(user), size, nameRoom), Margin + nameRoom, y, size, user.Kind == MarkGroupKind.Named ? Palette.Ink : Palette.Quiet, Anchor.End);
            sheet.Write(Sizes.Count(user.Events), left - Gap, y, small, Palette.Faint, Anchor.End);
        }
    }

    private void WriteTicks(Sheet sheet, IReadOnlyList<TimeTick> ticks)
    {
        float y = Height - bottom, beyond = float.MinValue;
        foreach (TimeTick tick in ticks)
        {
            float x = PixelOf(tick.Time);
            sheet.Write(tick.Label, x, y + 19, SmallSize, Palette.Ink, Anchor.Middle);
            if (tick.Context is not { Length: > 0 } context)
                continue;
            float half = letters.Width(context, SmallSize) / 2;
            if (x - half < beyond)
                continue; // the days of these ticks are told by the next one that has room
            sheet.Write(context, x, y + 34, SmallSize, Palette.Quiet, Anchor.Middle);
            beyond = x + half + 8;
        }

        sheet.Write($"time ({TimeTicks.Name(from, to, options.Zone)})", options.Width - right, y + 52, SmallSize, Palette.Quiet, Anchor.End);
    }

    /// <summary>What is missing, above its hatching where it has room; the legend tells of all.</summary>
    private void WriteHoles(Sheet sheet)
    {
        float beyond = left;
        foreach (TimeHole hole in holes.OrderBy(h => h.From).ThenBy(h => h.Table, StringComparer.Ordinal))
        {
            string text = letters.Fit(TimelineLegend.Of(hole), SmallSize, 220);
            float half = letters.Width(text, SmallSize) / 2, start = Math.Max(left, PixelOf(hole.From)), end = Math.Min(options.Width - right, PixelOf(hole.To));
            float x = Math.Clamp((start + end) / 2, left + half, Math.Max(left + half, options.Width - right - half));
            if (x - half < beyond)
                continue;
            sheet.Write(text, x, top - 8, SmallSize, Palette.Quiet, Anchor.Middle);
            beyond = x + half + 14;
        }
    }

    private float PixelOf(DateTime time) => left + (float)(X(time) / X(to) * (options.Width - left - right));

    private static Color Shade(SKColor colour) => new(colour.Red, colour.Green, colour.Blue, colour.Alpha);

    [GeneratedRegex(@"(\.\d\d)\d+")]
    private static partial Regex BeyondCents();

    [GeneratedRegex("(id=\"|url\\(#)(?=cl_)")]
    private static partial Regex ClipName();
}
