using ScottPlot;
using Weir.Engine.Analysis;

namespace Weir.Cli.Pictures;

/// <summary>All marks in one layer, large ones below small ones: a single event is never hidden by many.</summary>
internal sealed class MarkField(IReadOnlyList<TimelineMark> marks, Func<DateTime, double> place, MarkStyles styles) : IPlottable
{
    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        foreach (TimelineMark mark in marks.OrderByDescending(m => m.Events))
        {
            float first = Axes.GetPixelX(place(mark.First)), last = Axes.GetPixelX(place(mark.Last)), y = Axes.GetPixelY(mark.User) + styles.Shift(mark.Log);
            MarkerStyle style = styles.Of(mark);
            // A mark of many events reaches from the first to the last of them.
            if (last - first > style.Size)
                Drawing.DrawLine(rp.Canvas, rp.Paint, new Pixel(first, y), new Pixel(last, y), style.LineColor.WithAlpha(0.35), styles.Thickness(mark.Events));
            style.Render(rp, new Pixel(first + (last - first) * styles.Along(mark.Address), y));
        }
    }
}
