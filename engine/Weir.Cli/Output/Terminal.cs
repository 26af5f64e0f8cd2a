using System.Globalization;
using System.Text;

namespace Weir.Cli.Output;

/// <summary>Makes text from logs harmless on a terminal: control characters, escapes and characters that turn or hide text are shown, not sent.</summary>
internal static class Terminal
{
    /// <summary>A line of JSON whose texts show what a terminal would obey as escapes of JSON: it says the same.</summary>
    public static string Json(string line)
    {
        if (!line.AsSpan().ContainsAnyExceptInRange(' ', '~') || !line.Any(IsLive))
            return line;
        var safe = new StringBuilder(line.Length + 16);
        foreach (char c in line)
        {
            if (c is '\n' or '\r' or '\t')
                safe.Append(' '); // within a text they are escaped
            else if (char.IsSurrogate(c) || IsLive(c))
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                safe.Append(c);
        }

        return safe.ToString();
    }

    /// <summary>One line: line ends and tabs are shown too.</summary>
    public static string Line(string text)
    {
        int at = 0;
        while (at < text.Length && !IsLive(text[at]))
            at++;
        if (at == text.Length)
            return text;
        var safe = new StringBuilder(text, 0, at, text.Length + 16);
        for (; at < text.Length; at++)
        {
            char c = text[at];
            if (!IsLive(c))
                safe.Append(c);
            else if (Rune.TryGetRuneAt(text, at, out Rune rune) && !rune.IsBmp)
            {
                at++;
                if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format)
                    safe.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
                else
                    safe.Append(text, at - 1, 2);
            }
            else if (c is '\n')
                safe.Append("\\n");
            else if (c is '\r')
                safe.Append("\\r");
            else if (c is '\t')
                safe.Append("\\t");
            else if (c < 0x100)
                safe.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            else
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return safe.ToString();
    }

    /// <summary>Controls, format characters (bidi, zero width, BOM), line and paragraph separators; surrogates, which are looked at as pairs (tags hide text too).</summary>
    private static bool IsLive(char c) =>
        c < 0x20 || c == 0x7F || char.IsSurrogate(c) || (c > 0x7F && char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
