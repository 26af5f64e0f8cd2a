namespace Weir.Engine.Stages;

/// <summary>Words before a run that say it is Base64, so that it may be short.</summary>
/// <remarks>
/// <c>FromBase64String</c>, <c>base64_decode</c>, <c>b64decode</c>, <c>atob</c>, <c>base64</c> (data URIs, mail headers), and PowerShell's <c>-EncodedCommand</c>: every beginning of it down to <c>-e</c>, <c>-ec</c>,
/// behind <c>-</c>, <c>/</c> or a dash of U+2013 to U+2015, in any case. Between word and run stand only blanks, quotes (entities and escapes of them too) and <c>( [ , : = \</c>.
/// </remarks>
internal static class EncodingMarks
{
    private const int MostBetween = 24;

    private static readonly byte[][] Words = ["frombase64string"u8.ToArray(), "base64_decode"u8.ToArray(), "b64decode"u8.ToArray(), "atob"u8.ToArray(), "base64"u8.ToArray()];
    private static readonly byte[][] Quotes = ["&quot;"u8.ToArray(), "&apos;"u8.ToArray(), "&#39;"u8.ToArray(), "&#34;"u8.ToArray(), "\\u0027"u8.ToArray(), "\\u0022"u8.ToArray()];

    /// <summary>Where a run begins that a word at <paramref name="mark"/> may speak of; -1 where none does.</summary>
    public static int RunAfter(ReadOnlySpan<byte> text, int mark)
    {
        int at = text[mark] == '6' ? mark + 2 : mark + 1;
        at = Letters(text, at);
        if (text[at..].StartsWith("_decode"u8))
            at += 7;
        int low = at;
        while (at < text.Length && at - low < MostBetween && SkipForward(text, at) is var next && next > at)
            at = next;
        return at > low && at < text.Length && Bytes.Is(text[at], ByteClass.Base64) ? at : -1;
    }

    public static bool IsMarked(ReadOnlySpan<byte> text, int run)
    {
        int end = run;
        while (end > 0 && run - end < MostBetween && SkipBack(text[..end]) is var next && next < end)
            end = next;
        if (end == run || end == 0 || !EndsWord((byte)(text[end - 1] | 0x20)))
            return false;
        ReadOnlySpan<byte> before = text[..end];
        foreach (byte[] word in Words)
        {
            if (Bytes.EndsWithIgnoreCase(before, word))
                return true;
        }

        int start = end;
        while (start > 0 && end - start < 15 && Bytes.IsLetter(text[start - 1]))
            start--;
        ReadOnlySpan<byte> abbreviation = text[start..end];
        if (abbreviation.IsEmpty || abbreviation.Length > 14
            || !(Bytes.StartsWithIgnoreCase(abbreviation, "encodedcommand"u8[..abbreviation.Length]) || (abbreviation.Length == 2 && Bytes.StartsWithIgnoreCase(abbreviation, "ec"u8))))
            return false;
        ReadOnlySpan<byte> head = text[..start];
        if (head.EndsWith("-"u8) || head.EndsWith("–"u8) || head.EndsWith("—"u8) || head.EndsWith("―"u8))
            return true;
        return head.EndsWith("/"u8) && (head.Length == 1 || " \t\"'"u8.Contains(head[^2]) || Bytes.EndsWithIgnoreCase(head[..^1], "powershell"u8)
            || Bytes.EndsWithIgnoreCase(head[..^1], "pwsh"u8) || Bytes.EndsWithIgnoreCase(head[..^1], ".exe"u8));
    }

    private static int Letters(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && Bytes.IsLetter(text[at]))
            at++;
        return at;
    }

    /// <summary>Whether one of the words ends with a letter, or a beginning of <c>EncodedCommand</c>, or <c>ec</c>. A digit has bit 0x20 set too.</summary>
    private static bool EndsWord(byte lower) => lower is (byte)'e' or (byte)'n' or (byte)'c' or (byte)'o' or (byte)'d' or (byte)'m' or (byte)'a' or (byte)'g' or (byte)'b' or (byte)'4';

    private static bool IsBetween(byte b) =>
        b is (byte)'"' or (byte)':' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'\'' or (byte)'`' or (byte)'(' or (byte)'[' or (byte)',' or (byte)'=' or (byte)'\\';

    private static int SkipBack(ReadOnlySpan<byte> text)
    {
        byte last = text[^1];
        if (IsBetween(last))
            return text.Length - 1;
        foreach (byte[] quote in last is (byte)';' or (byte)'7' or (byte)'2' ? Quotes : [])
        {
            if (text.EndsWith(quote))
                return text.Length - quote.Length;
        }

        return text.Length;
    }

    private static int SkipForward(ReadOnlySpan<byte> text, int at)
    {
        foreach (byte[] quote in text[at] is (byte)'&' or (byte)'\\' ? Quotes : [])
        {
            if (text[at..].StartsWith(quote))
                return at + quote.Length;
        }

        return IsBetween(text[at]) ? at + 1 : at;
    }
}
