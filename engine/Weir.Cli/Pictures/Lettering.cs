using System.Globalization;
using System.Text;
using SkiaSharp;
using Weir.Cli.Output;

namespace Weir.Cli.Pictures;

/// <summary>Text as pictures have it: harmless, measured, shortened to fit, in a font that comes with the tool.</summary>
/// <remarks>What that font lacks is taken from the fonts of the machine where Skia knows them; its build for Linux that needs no library knows none.</remarks>
/// <param name="codes">What no font here has is drawn as its code; else it is text that a viewer has fonts for, of one em a letter at most.</param>
internal sealed class Lettering(bool codes)
{
    /// <summary>Fonts of a viewer, in the order in which they are to be tried.</summary>
    public const string Families = "Roboto, 'Segoe UI', 'Helvetica Neue', Arial, 'Noto Sans', 'Noto Sans CJK SC', sans-serif";

    // More than that no label shows: a name of megabytes is cut before it is looked at.
    private const int Longest = 400;

    // Marks on a letter; an attacker's name may have hundreds and paint over its neighbours.
    private const int MarksOnLetter = 2;

    private static readonly Lazy<SKTypeface> Roboto = new(() =>
    {
        using Stream font = typeof(Lettering).Assembly.GetManifestResourceStream("fonts/Roboto-Regular.ttf")!;
        return SKTypeface.FromStream(font);
    });

    /// <summary>One line without anything that steers, hides or turns text, or that XML cannot hold; shortened in the middle where it is wider than <paramref name="room"/>.</summary>
    public string Fit(string text, float size, float room)
    {
        string whole = Harmless(text.Length <= Longest ? text : text[..(Longest / 2)] + "…" + text[^(Longest / 2)..]);
        if (Width(whole, size) <= room)
            return whole;
        string[] letters = [.. Letters(whole)];
        string fitted = "…";
        int least = 0, most = letters.Length;
        while (least < most)
        {
            int kept = (least + most + 1) / 2;
            string shorter = string.Concat(letters[..((kept + 1) / 2)]) + "…" + string.Concat(letters[^(kept / 2)..]);
            if (Width(shorter, size) <= room)
                (least, fitted) = (kept, shorter);
            else
                most = kept - 1;
        }

        return fitted;
    }

    public float Width(string text, float size)
    {
        float width = 0;
        foreach (var (typeface, part) in Runs(text))
        {
            using SKFont font = Font(typeface, size);
            width += font.MeasureText(part);
        }

        return width;
    }

    /// <summary>Draws text, its baseline beginning at a point.</summary>
    public void Draw(SKCanvas canvas, string text, float x, float y, float size, SKColor colour)
    {
        using var paint = new SKPaint { Color = colour, IsAntialias = true };
        foreach (var (typeface, part) in Runs(text))
        {
            using SKFont font = Font(typeface, size);
            canvas.DrawText(part, x, y, SKTextAlign.Left, font, paint);
            x += font.MeasureText(part);
        }
    }

    /// <summary>Whether the tool's own font has all of it, so that its width is known wherever it is shown.</summary>
    public static bool IsMeasured(string text) => text.EnumerateRunes().All(r => Roboto.Value.ContainsGlyph(r.Value));

    private static SKFont Font(SKTypeface typeface, float size) => new(typeface, size) { Subpixel = true, LinearMetrics = true, Hinting = SKFontHinting.None, Edging = SKFontEdging.Antialias };

    private static string Harmless(string text)
    {
        text = Terminal.Line(text);
        var safe = new StringBuilder(text.Length);
        int marks = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool mark = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;
            marks = mark ? marks + 1 : 0;
            bool nothing = (rune.Value & 0xFFFE) == 0xFFFE; // no characters, U+FFFE and U+FFFF of each plane
            if (nothing || marks > MarksOnLetter)
                safe.Append(Code(rune));
            else
                safe.Append(rune.ToString());
        }

        return safe.ToString();
    }

    private static string Code(Rune rune) => rune.IsBmp ? string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}") : string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");

    private static IEnumerable<string> Letters(string text)
    {
        TextElementEnumerator letters = StringInfo.GetTextElementEnumerator(text);
        while (letters.MoveNext())
            yield return letters.GetTextElement();
    }

    /// <summary>The text in parts of one font each.</summary>
    private List<(SKTypeface Typeface, string Text)> Runs(string text)
    {
        var runs = new List<(SKTypeface Typeface, string Text)>();
        foreach (Rune rune in text.EnumerateRunes())
        {
            // A dash is an em wide: such a text is measured here and drawn elsewhere.
            SKTypeface? found = Roboto.Value.ContainsGlyph(rune.Value) ? Roboto.Value : SKFontManager.Default.MatchCharacter(rune.Value);
            (SKTypeface typeface, string shown) = found is null ? (Roboto.Value, codes ? Code(rune) : "—") : (found, rune.ToString());
            if (runs is [.., var before] && (ReferenceEquals(before.Typeface, typeface) || before.Typeface.FamilyName == typeface.FamilyName))
                runs[^1] = (before.Typeface, before.Text + shown);
            else
                runs.Add((typeface, shown));
        }

        return runs;
    }
}
