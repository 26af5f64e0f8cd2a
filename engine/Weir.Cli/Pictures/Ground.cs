using ScottPlot;
using SkiaSharp;

namespace Weir.Cli.Pictures;

/// <summary>What lies under the marks: a band for every other line, and a thread for every tick.</summary>
internal sealed class Ground(int lines, IReadOnlyList<double> ticks) : IPlottable
{
    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        using var band = new SKPaint { Color = Palette.Band };
        for (int line = 0; line < lines; line += 2)
            rp.Canvas.DrawRect(new SKRect(rp.DataRect.Left, Axes.GetPixelY(line - 0.5), rp.DataRect.Right, Axes.GetPixelY(line + 0.5)), band);
        using var thread = new SKPaint { Color = Palette.Line, IsStroke = true, StrokeWidth = 1 };
        foreach (double tick in ticks)
        {
            float x = MathF.Round(Axes.GetPixelX(tick)) + 0.5f;
            rp.Canvas.DrawLine(x, rp.DataRect.Top, x, rp.DataRect.Bottom, thread);
        }
    }
}
