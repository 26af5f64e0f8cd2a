using ScottPlot;
using SkiaSharp;

namespace Weir.Cli.Pictures;

/// <summary>Stretches of time hatched over all lines.</summary>
internal sealed class HoleArea(IReadOnlyList<(double From, double To)> holes) : IPlottable
{
    private const float Spacing = 8;

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        // Holes of several tables that overlap, or of a pixel each, are one hatching.
        SKRect area = default;
        foreach (var (from, to) in holes.Order())
        {
            float left = Math.Max(rp.DataRect.Left, Axes.GetPixelX(from)), right = Math.Min(rp.DataRect.Right, Math.Max(Axes.GetPixelX(to), Axes.GetPixelX(from) + 2));
            if (!area.IsEmpty && left <= area.Right + 1)
            {
                area.Right = Math.Max(area.Right, right);
                continue;
            }

            Hatch(rp.Canvas, area);
            area = new SKRect(left, rp.DataRect.Top, right, rp.DataRect.Bottom);
        }

        Hatch(rp.Canvas, area);
    }

    /// <summary>Lines at half a right angle, cut at the edges of a rectangle: a pattern would not outlive SVG.</summary>
    public static void Hatch(SKCanvas canvas, SKRect area, float spacing = Spacing)
    {
        if (area.IsEmpty)
            return;
        using var path = new SKPath();
        for (float c = (MathF.Floor((area.Left + area.Top) / spacing) + 1) * spacing; c < area.Right + area.Bottom; c += spacing)
        {
            // x + y = c
            float x1 = Math.Max(area.Left, c - area.Bottom), x2 = Math.Min(area.Right, c - area.Top);
            if (x2 <= x1)
                continue;
            path.MoveTo(x1, c - x1);
            path.LineTo(x2, c - x2);
        }

        path.MoveTo(area.Left, area.Top);
        path.LineTo(area.Left, area.Bottom);
        path.MoveTo(area.Right, area.Top);
        path.LineTo(area.Right, area.Bottom);
        using var ground = new SKPaint { Color = Palette.Hatch.WithAlpha(38), Style = SKPaintStyle.Fill };
        canvas.DrawRect(area, ground);
        using var pen = new SKPaint { Color = Palette.Hatch, Style = SKPaintStyle.Stroke, StrokeWidth = 0.8f, IsAntialias = true };
        canvas.DrawPath(path, pen);
    }
}
