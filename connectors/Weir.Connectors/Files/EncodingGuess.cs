using System.Buffers;
using System.Text;

namespace Weir.Connectors;

/// <summary>Tells a text's encoding by its first bytes.</summary>
internal static class EncodingGuess
{
    /// <summary>The encoding, the bytes of its mark, and why; no reason where it is plain UTF-8.</summary>
    public static (TextEncoding Encoding, int Mark, string? Reason) Of(ReadOnlySpan<byte> first, TextEncoding? asked, bool marksOnly)
    {
        TextEncoding? marked = first.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? TextEncoding.Utf16Le : first.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? TextEncoding.Utf16Be : null;
        if (asked is { } named)
            return (named, marked == named ? 2 : 0, $"encoding: {NameOf(named)}, as asked for");
        if (marked is { } known)
            return (known, 2, $"encoding: {NameOf(known)}, by its byte-order mark");
        if (marksOnly)
            return (TextEncoding.Utf8, 0, null);
        if (Utf16(first) is { } unmarked)
            return (unmarked, 0, $"encoding: {NameOf(unmarked)}, every other byte is NUL");
        return IsWestern(first) ? (TextEncoding.Windows1252, 0, "encoding: windows-1252, its bytes beyond ASCII stand in words and none of them is UTF-8") : (TextEncoding.Utf8, 0, null);
    }

    public static string NameOf(TextEncoding encoding) => encoding switch
    {
        TextEncoding.Utf16Le => "utf-16le",
        TextEncoding.Utf16Be => "utf-16be",
        TextEncoding.Windows1252 => "windows-1252",
        TextEncoding.Latin1 => "latin-1",
        _ => "utf-8",
    };

    // Text of mostly ASCII letters in UTF-16 has a NUL in every other place and none between.
    private static TextEncoding? Utf16(ReadOnlySpan<byte> first)
    {
        int even = 0;
        int odd = 0;
        for (int i = 0; i + 1 < first.Length; i += 2)
        {
            even += first[i] == 0 ? 1 : 0;
            odd += first[i + 1] == 0 ? 1 : 0;
        }

        int pairs = first.Length / 2;
        if (pairs < 4)
            return null;
        return even * 10L > pairs * 4L && odd * 50L < pairs ? TextEncoding.Utf16Be : odd * 10L > pairs * 4L && even * 50L < pairs ? TextEncoding.Utf16Le : null;
    }

    /// <summary>All that is not ASCII is a letter beside a letter, or a typographer's mark, and nothing is UTF-8.</summary>
    /// <remarks>Attack strings and damaged UTF-8 stay UTF-8, whose wrong bytes are kept in remarks. One wrong byte beside letters is no evidence: three are asked for.</remarks>
    private static bool IsWestern(ReadOnlySpan<byte> first)
    {
        int high = 0, inWords = 0;
        for (int i = first.IndexOfAnyInRange((byte)0x80, (byte)0xFF); i >= 0 && i < first.Length; i++)
        {
            byte b = first[i];
            if (b < 0x80)
                continue;
            if (i < first.Length - 4 && Rune.DecodeFromUtf8(first[i..], out _, out _) == OperationStatus.Done)
                return false;
            high++;
            bool letter = b >= 0xC0 && b is not (0xD7 or 0xF7 or 0xFF);
            bool beside = (i > 0 && char.IsAsciiLetter((char)first[i - 1])) || (i + 1 < first.Length && char.IsAsciiLetter((char)first[i + 1]));
            inWords += (letter && beside) || b is 0x80 or 0x84 or 0x91 or 0x92 or 0x93 or 0x94 or 0x96 or 0x97 or 0xA0 or 0xA3 or 0xA7 or 0xB0 ? 1 : 0;
        }

        return high >= 3 && inWords * 10L >= high * 9L;
    }
}
