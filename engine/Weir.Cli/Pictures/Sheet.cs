using System.Globalization;
using System.Xml.Linq;
using SkiaSharp;

namespace Weir.Cli.Pictures;

/// <summary>Where on its place a text begins.</summary>
internal enum Anchor
{
    Start,
    Middle,
    End,
}

/// <summary>What a picture is drawn on: a canvas, and for SVG the texts apart.</summary>
/// <param name="texts">Takes texts as text, to be searched and read aloud; null: they are drawn.</param>
internal sealed class Sheet(SKCanvas canvas, Lettering letters, XElement? texts)
{
    public static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public SKCanvas Canvas => canvas;

    /// <summary>Writes harmless text (<see cref="Lettering.Fit"/>) with its baseline at <paramref name="y"/>.</summary>
    public void Write(string text, float x, float y, float size, SKColor colour, Anchor anchor = Anchor.Start)
    {
        if (text.Length == 0)
            return;
        float width = letters.Width(text, size);
        if (texts is null)
        {
            letters.Draw(canvas, text, anchor switch { Anchor.Middle => x - width / 2, Anchor.End => x - width, _ => x }, y, size, colour);
            return;
        }

        // The length holds whatever font the viewer has; of letters from elsewhere it is not known.
        var element = new XElement(
            Svg + "text", new XAttribute("x", Number(x)), new XAttribute("y", Number(y)), new XAttribute("font-size", Number(size)), new XAttribute("fill", $"#{colour.Red:x2}{colour.Green:x2}{colour.Blue:x2}"),
            text);
        if (Lettering.IsMeasured(text))
            element.Add(new XAttribute("textLength", Number(width)), new XAttribute("lengthAdjust", "spacingAndGlyphs"));
        if (anchor != Anchor.Start)
            element.Add(new XAttribute("text-anchor", anchor == Anchor.Middle ? "middle" : "end"));
        texts.Add(element);
    }

    private static string Number(float value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
