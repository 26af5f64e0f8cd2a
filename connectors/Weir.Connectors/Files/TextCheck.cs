using System.Buffers;
using System.Text;
using Weir.Engine;

namespace Weir.Connectors;

/// <summary>Refuses what is no UTF-8 text at all, by its first bytes.</summary>
internal static class TextCheck
{
    /// <param name="insisted">The user said how to read it: then NULs are data, and only a byte-order mark makes it UTF-16.</param>
    /// <exception cref="EmptyInputException">There is no text.</exception>
    /// <exception cref="WeirException">It is UTF-16, or no text.</exception>
    public static void Verify(string where, ReadOnlySpan<byte> first, string? missing, bool insisted)
    {
        ReadOnlySpan<byte> text = first.StartsWith("\uFEFF"u8) ? first[3..] : first;
        if (text.Length == 0)
        {
            if (missing is not null)
                throw new WeirException(where, missing, "a whole file", "Fetch it again.");
            throw new EmptyInputException(where, first.Length > 0 ? "it holds a byte-order mark and nothing else" : "it is empty");
        }

        if (HasUtf16Mark(first) || (!insisted && LooksLikeUtf16(first)))
            throw new WeirException(where, "it is UTF-16", "UTF-8, which is what this version reads", $"Convert it: {Conversion(where, HasUtf16Mark(first) ? "UTF-16" : first[0] == 0 ? "UTF-16BE" : "UTF-16LE")}");
        int zeros = first.Count((byte)0);
        bool few = zeros < 4 && zeros * 4 < first.Length; // a short file with a stray NUL is still text
        if (zeros * 100L > first.Length && !few && !insisted)
            throw new WeirException(where, "it is binary: more than 1 % of its first bytes are NUL", "text", "Check that it is the file you meant; --delimiter reads it all the same.");
        if (!insisted && IsNoise(first))
            throw new WeirException(where, "it is binary: most of its first bytes are neither UTF-8 nor those of any text", "text", "Check that it is the file you meant (a packed one?); --delimiter reads it all the same.");
        if (!insisted && MarkupOf(text) is { } markup)
            throw new WeirException(where, $"it is {markup}", "CSV, which is what this version reads", "Convert it to CSV, or force it with --delimiter.");
    }

    /// <summary>Packed or encrypted bytes, which hold too few NULs to be told by them.</summary>
    /// <remarks>
    /// Of random bytes 11 % are control characters of all kinds and half are no UTF-8. Text in Latin-1, CP1251 or Shift-JIS has no control characters, colours on a
    /// terminal or ^A as a delimiter are two of them: only all three signs together are taken for noise.
    /// </remarks>
    private static bool IsNoise(ReadOnlySpan<byte> first)
    {
        const int kinds = 16;
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        foreach (byte b in first)
            counts[b]++;
        int controls = counts[0x7F], seen = counts[0x7F] > 0 ? 1 : 0;
        for (int b = 1; b < 0x20; b++)
        {
            if (b is '\t' or '\n' or '\r')
                continue;
            controls += counts[b];
            seen += counts[b] > 0 ? 1 : 0;
        }

        return seen >= kinds && controls * 100L > first.Length * 8L && Unreadable(first) * 100L > first.Length * 30L;
    }

    private static int Unreadable(ReadOnlySpan<byte> text)
    {
        int bytes = 0;
        while (!text.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(text, out _, out int used);
            bytes += status == OperationStatus.Done ? 0 : used;
            text = text[used..];
        }

        return bytes;
    }

    // Read as CSV, such a file would land as rows that mean nothing, its first record as their header.
    private static string? MarkupOf(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart(" \t\r\n"u8);
        if (text.StartsWith("<?xml"u8))
            return "XML";
        if (text.IsEmpty || text[0] is not ((byte)'{' or (byte)'['))
            return null;
        ReadOnlySpan<byte> inside = text[1..].TrimStart(" \t\r\n"u8);
        return !inside.IsEmpty && (text[0] == '{' ? inside[0] == '"' : inside[0] == '{') ? "JSON" : null;
    }

    /// <summary>A command for a shell, to be copied as it stands.</summary>
    private static string Conversion(string path, string encoding)
    {
        string iconv = $"iconv -f {encoding} -t UTF-8";
        if (path == "-")
            return $"{iconv} | weir ingest -";
        bool packed = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        string plain = packed ? path[..^3] : path, made = Path.Combine(Path.GetDirectoryName(plain) ?? "", $"{Path.GetFileNameWithoutExtension(plain)}.utf8{Path.GetExtension(plain)}");
        return packed ? $"gzip -dc {Quoted(path)} | {iconv} > {Quoted(made)}" : $"{iconv} {Quoted(path)} > {Quoted(made)}";
    }

    private static string Quoted(string path) => $"'{(path.StartsWith('-') ? "./" : "")}{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static bool HasUtf16Mark(ReadOnlySpan<byte> first) =>
        first.Length >= 2 && ((first[0] == 0xFF && first[1] == 0xFE) || (first[0] == 0xFE && first[1] == 0xFF));

    // Text of mostly ASCII letters in UTF-16 has a NUL in every other place and none between.
    private static bool LooksLikeUtf16(ReadOnlySpan<byte> first)
    {
        int even = 0;
        int odd = 0;
        for (int i = 0; i + 1 < first.Length; i += 2)
        {
            even += first[i] == 0 ? 1 : 0;
            odd += first[i + 1] == 0 ? 1 : 0;
        }

        int pairs = first.Length / 2;
        return pairs >= 4 && ((even * 10L > pairs * 4L && odd * 50L < pairs) || (odd * 10L > pairs * 4L && even * 50L < pairs));
    }
}
