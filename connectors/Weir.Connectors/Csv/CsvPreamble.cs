namespace Weir.Connectors;

/// <summary>Finds what exports put before the header: Splunk's <c>key:value</c> lines, a title, Excel's <c>sep=;</c>, blank lines.</summary>
internal static unsafe class CsvPreamble
{
    private const int MaxLines = 200; // guess: Splunk writes ten

    /// <summary>Offset behind blank lines, a <c>sep=</c> line and a block of <c>key:value</c> lines that a blank line ends.</summary>
    public static int Skip(byte* text, int start, int end, ref string? delimiter)
    {
        int at = SkipBlank(text, start, end);
        if (Separator(Line(text, at, end)) is { } named)
        {
            delimiter = named;
            at = SkipBlank(text, Next(text, at, end), end);
        }

        int pairs = at;
        int lines = 0;
        while (pairs < end && lines < MaxLines && IsPair(Line(text, pairs, end)))
        {
            pairs = Next(text, pairs, end);
            lines++;
        }

        if (lines > 0 && pairs < end && Line(text, pairs, end).Length == 0)
            at = SkipBlank(text, pairs, end);
        // A file of nothing but such lines has no table behind them: then they are the data.
        return at < end ? at : start;
    }

    /// <summary>Offset behind a first line and the blank lines that follow it; <paramref name="start"/> where none does.</summary>
    public static int SkipTitle(byte* text, int start, int end)
    {
        if (start >= end || Line(text, start, end).Length == 0)
            return start;
        int next = Next(text, start, end);
        int behind = SkipBlank(text, next, end);
        return behind > next && behind < end ? behind : start;
    }

    private static int SkipBlank(byte* text, int start, int end)
    {
        while (start < end && text[start] is (byte)'\r' or (byte)'\n')
            start++;
        return start;
    }

    private static ReadOnlySpan<byte> Line(byte* text, int start, int end)
    {
        var rest = new ReadOnlySpan<byte>(text + start, Math.Max(0, end - start));
        int length = rest.IndexOfAny((byte)'\r', (byte)'\n');
        return length < 0 ? rest : rest[..length];
    }

    private static int Next(byte* text, int start, int end)
    {
        int at = start + Line(text, start, end).Length;
        if (at < end && text[at] == '\r')
            return at + 1 < end && text[at + 1] == '\n' ? at + 2 : at + 1;
        return Math.Min(end, at + 1);
    }

    private static string? Separator(ReadOnlySpan<byte> line)
    {
        line = line.Trim((byte)'"');
        if (line.Length is not (4 or 5) || (line[0] | 0x20) != 's' || (line[1] | 0x20) != 'e' || (line[2] | 0x20) != 'p' || line[3] != '=')
            return null;
        return line.Length == 5 && line[4] < 0x80 ? ((char)line[4]).ToString() : null;
    }

    // A name of letters, digits, _ - . or blanks, then a colon: Splunk's are camel case.
    private static bool IsPair(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon is < 1 or > 64 || !char.IsAsciiLetter((char)line[0]))
            return false;
        foreach (byte b in line[..colon])
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'_' or (byte)'-' or (byte)'.' or (byte)' '))
                return false;
        }

        return true;
    }
}
