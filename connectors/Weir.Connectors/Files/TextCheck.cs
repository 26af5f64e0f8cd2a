using System.Buffers;
using System.Text;
using Weir.Engine;

namespace Weir.Connectors;

/// <summary>Refuses what is no text at all, by its first bytes.</summary>
internal static class TextCheck
{
    /// <param name="insisted">The user said how to read it: then NULs are data.</param>
    /// <exception cref="EmptyInputException">There is no text.</exception>
    /// <exception cref="WeirException">It is no text.</exception>
    public static void Verify(string where, ReadOnlySpan<byte> first, string? missing, bool insisted)
    {
        ReadOnlySpan<byte> text = first.StartsWith("\uFEFF"u8) ? first[3..] : first;
        if (text.Length == 0)
        {
            if (missing is not null)
                throw new WeirException(where, missing, "a whole file", "Fetch it again.");
            throw new EmptyInputException(where, first.Length > 0 ? "it holds a byte-order mark and nothing else" : "it is empty");
        }

        if (!insisted && KnownFiles.Of(first) is var (kind, remedy))
            throw new WeirException(where, $"it is {kind}", "text", remedy);
        int zeros = first.Count((byte)0);
        bool few = zeros < 4 && zeros * 4 < first.Length; // a short file with a stray NUL is still text
        if (zeros * 100L > first.Length && !few && !insisted)
            throw new WeirException(where, "it is binary: more than 1 % of its first bytes are NUL", "text", "Check that it is the file you meant; --input-format reads it all the same.");
        if (!insisted && IsNoise(first))
            throw new WeirException(where, "it is binary: most of its first bytes are neither UTF-8 nor those of any text", "text", "Check that it is the file you meant (a packed one?); --input-format reads it all the same.");
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
}
