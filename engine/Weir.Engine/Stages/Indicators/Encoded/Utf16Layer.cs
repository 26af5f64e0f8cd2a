using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Weir.Engine.Stages;

/// <summary>UTF-16, little-endian, as Windows writes it, among other bytes or alone.</summary>
internal static class Utf16Layer
{
    public const string Name = "utf16le";

    /// <summary>Characters that a stretch among other bytes has at least.</summary>
    public const int Shortest = 8;

    private const int MostZeros = 2;

    public static int Room(int length) => ((length / 2) * 3) + 3;

    /// <summary>As UTF-8; half a surrogate pair as U+FFFD, a last odd byte left out.</summary>
    public static int Decode(ReadOnlySpan<byte> span, Span<byte> output)
    {
        Utf8.FromUtf16(MemoryMarshal.Cast<byte, char>(span), output, out _, out int written);
        return written;
    }

    /// <summary>The next stretch of readable characters: Latin and its neighbours, pairs of zeros between them.</summary>
    public static bool TryFind(ReadOnlySpan<byte> bytes, int from, out int start, out int length)
    {
        for (start = from; start + (Shortest * 2) <= bytes.Length; start++)
        {
            if (!IsCharacter(bytes, start))
                continue;
            int end = start, at = start, characters = 0;
            while (at + 1 < bytes.Length)
            {
                if (IsCharacter(bytes, at))
                {
                    characters++;
                    end = at += 2;
                }
                else if (bytes[at] == 0 && bytes[at + 1] == 0 && at - end < MostZeros * 2)
                {
                    at += 2;
                }
                else
                {
                    break;
                }
            }

            length = end - start;
            if (characters >= Shortest)
                return true;
            start = end - 1;
        }

        length = 0;
        return false;
    }

    /// <summary>Whether all of it is readable UTF-16, at least half of it ASCII. Zeros at the end do not count; a byte-order mark does not either.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> bytes, int shortest, out int start, out int length)
    {
        start = bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? 2 : 0;
        length = (bytes.Length & ~1) - start;
        while (length >= 2 && bytes[start + length - 1] == 0 && bytes[start + length - 2] == 0)
            length -= 2;
        if (bytes.Length % 2 != 0 || length < shortest * 2)
            return false;
        ReadOnlySpan<char> text = MemoryMarshal.Cast<byte, char>(bytes.Slice(start, length));
        int ascii = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is (>= ' ' and < '\x7F') or '\t' or '\r' or '\n')
                ascii++;
            else if (c < 0x80 || !IsReadable(text, ref i))
                return false;
        }

        return ascii * 2 >= text.Length;
    }

    private static bool IsReadable(ReadOnlySpan<char> text, ref int i)
    {
        if (Rune.DecodeFromUtf16(text[i..], out Rune rune, out int used) != System.Buffers.OperationStatus.Done || !ReadableText.IsReadable(rune))
            return false;
        i += used - 1;
        return true;
    }

    private static bool IsCharacter(ReadOnlySpan<byte> bytes, int at)
    {
        byte low = bytes[at], high = bytes[at + 1];
        if (high == 0)
            return low is (>= 0x20 and < 0x7F) or >= 0xA0 or (byte)'\t' or (byte)'\r' or (byte)'\n';
        return high is <= 6 or 0x20 && ReadableText.IsReadable(new Rune((char)(low | (high << 8))));
    }
}
