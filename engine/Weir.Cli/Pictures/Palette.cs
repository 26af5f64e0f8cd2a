using ScottPlot;
using SkiaSharp;
using Weir.Engine.Analysis;

namespace Weir.Cli.Pictures;

/// <summary>The colours and shapes of the house: told apart by people who do not see all colours, on a light ground.</summary>
internal static class Palette
{
    public static readonly SKColor Ink = new(0x1F, 0x29, 0x33), Quiet = new(0x6B, 0x76, 0x80), Faint = new(0x9A, 0xA5, 0xB1), Line = new(0xE1, 0xE5, 0xEA), Band = new(0xF6, 0xF8, 0xFA), Hatch = new(0xB4, 0xBC, 0xC6);

    /// <summary>Shapes of addresses, filled ones first; then of those that share one, then of none.</summary>
    private static readonly MarkerShape[] Shapes =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledTriangleUp, MarkerShape.FilledSquare, MarkerShape.FilledDiamond, MarkerShape.FilledTriangleDown, MarkerShape.Eks, MarkerShape.Cross,
    ];

    // Okabe and Ito, Color Universal Design (2008), without yellow, which is lost on white; the first ones go to the logs that are most often looked at together.
    private static readonly SKColor[] Colours =
        [new(0x00, 0x72, 0xB2), new(0xD5, 0x5E, 0x00), new(0x00, 0x9E, 0x73), new(0xCC, 0x79, 0xA7), new(0xE6, 0x9F, 0x00), new(0x56, 0xB4, 0xE9), new(0x33, 0x33, 0x33)];

    // So that a log has its colour in every picture of a case, whatever else is on it.
    private static readonly string[] Known = ["signin", "mail", "audit", "sysmon", "http"];

    /// <summary>How many of each there are.</summary>
    public static int Addresses => Shapes.Length;

    public static int Logs => Colours.Length;

    public static MarkerShape ShapeOf(IReadOnlyList<MarkGroup> addresses, int place) => addresses[place].Kind switch
    {
        MarkGroupKind.Named => Shapes[place],
        MarkGroupKind.Others => MarkerShape.OpenCircle,
        _ => MarkerShape.VerticalBar,
    };

    /// <summary>A size at which a shape weighs as much as a circle of a diameter.</summary>
    public static float SizeOf(MarkerShape shape, float diameter) => diameter * shape switch
    {
        MarkerShape.FilledSquare => 0.88f,
        MarkerShape.FilledDiamond => 1.2f,
        MarkerShape.FilledTriangleUp or MarkerShape.FilledTriangleDown => 1.26f,
        MarkerShape.Eks => 0.9f,
        MarkerShape.Cross or MarkerShape.VerticalBar => 1.15f,
        _ => 1,
    };

    /// <summary>The colour of each log in its place.</summary>
    public static SKColor[] ColoursOf(IReadOnlyList<MarkGroup> logs)
    {
        var colours = new SKColor[logs.Count];
        var free = new List<SKColor>(Colours);
        for (int i = 0; i < logs.Count; i++)
        {
            if (logs[i].Kind == MarkGroupKind.Named && Array.IndexOf(Known, logs[i].Name) is >= 0 and var known)
                free.Remove(colours[i] = Colours[known]);
        }

        for (int i = 0; i < logs.Count; i++)
        {
            if (logs[i].Kind != MarkGroupKind.Named)
                colours[i] = logs[i].Kind == MarkGroupKind.Others ? Quiet : Faint;
            else if (colours[i] == default)
            {
                colours[i] = free[0];
                free.RemoveAt(0);
            }
        }

        return colours;
    }
}
