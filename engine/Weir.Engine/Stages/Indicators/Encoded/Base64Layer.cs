using System.Buffers;
using System.Buffers.Text;

namespace Weir.Engine.Stages;

/// <summary>Base64, standard and URL-safe, padded or not, over one line or several.</summary>
/// <remarks>Decoding is lenient and total, so that a span gives the same bytes whenever it is decoded: what is of neither alphabet is skipped, and so is a last single character, or a last pair without padding whose four unused bits are not zero (nothing encodes to that).</remarks>
internal static class Base64Layer
{
    public const string Name = "base64";

    private const int ShortestLine = 16;
    private const byte Skip = 0xFF;

    private static readonly byte[] Standard = MakeStandard();
    private static readonly int[] Sextets = [.. Standard.Select(c => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8.IndexOf(c))];
    private static readonly SearchValues<byte> StandardAlphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    /// <summary>Bytes that <see cref="Decode"/> writes at most.</summary>
    public static int Room(int length) => ((length / 4) * 3) + 3;

    /// <returns>Bytes written.</returns>
    public static int Decode(ReadOnlySpan<byte> span, Span<byte> output)
    {
        ReadOnlySpan<byte> trimmed = span.TrimEnd((byte)'=');
        if (trimmed.IndexOfAnyExcept(StandardAlphabet) < 0)
            return DecodeClean(trimmed, span.Length > trimmed.Length, output);
        byte[] clean = ArrayPool<byte>.Shared.Rent(span.Length);
        int count = 0;
        for (int i = 0; i < trimmed.Length; i++)
        {
            if (trimmed[i] == '\\')
            {
                i++; // an escaped line end
                continue;
            }

            byte c = Standard[trimmed[i]];
            if (c != Skip)
                clean[count++] = c;
        }

        int written = DecodeClean(clean.AsSpan(0, count), span.Length > trimmed.Length, output);
        ArrayPool<byte>.Shared.Return(clean);
        return written;
    }

    /// <summary>The same of a few whole groups of the alphabets, without its preparations.</summary>
    /// <returns>False where another byte is among them.</returns>
    public static bool TryDecodeFew(ReadOnlySpan<byte> span, Span<byte> output, out int written)
    {
        written = 0;
        for (int i = 0; i < span.Length; i += 4)
        {
            int group = (Sextets[span[i]] << 18) | (Sextets[span[i + 1]] << 12) | (Sextets[span[i + 2]] << 6) | Sextets[span[i + 3]];
            if (group < 0)
                return false;
            output[written++] = (byte)(group >> 16);
            output[written++] = (byte)(group >> 8);
            output[written++] = (byte)group;
        }

        return true;
    }

    /// <summary>End of a run of either alphabet, with its padding.</summary>
    public static int End(ReadOnlySpan<byte> text, int start) => Padded(text, Bytes.End(text, start, ByteClass.Base64));

    /// <summary>End of the lines that a run begins: each as long as the first, a last one shorter.</summary>
    /// <returns>The end of the run where it is no such line.</returns>
    public static int LinesEnd(ReadOnlySpan<byte> text, int start, int shortestLine = ShortestLine)
    {
        int end = Bytes.End(text, start, ByteClass.Base64), length = end - start;
        if (length < shortestLine || length % 4 != 0)
            return Padded(text, end);
        while (true)
        {
            int next = SkipLineEnd(text, end);
            if (next == end)
                break;
            int lineEnd = Bytes.End(text, next, ByteClass.Base64);
            if (lineEnd == next || lineEnd - next > length)
                break;
            end = lineEnd;
            if (lineEnd - next < length)
                break;
        }

        return Padded(text, end);
    }

    private static int Padded(ReadOnlySpan<byte> text, int end)
    {
        for (int i = 0; i < 2 && end < text.Length && text[end] == '='; i++)
            end++;
        return end;
    }

    private static int SkipLineEnd(ReadOnlySpan<byte> text, int at) =>
        text[at..].StartsWith("\r\n"u8) ? at + 2
        : text[at..].StartsWith("\n"u8) ? at + 1
        : text[at..].StartsWith("\\r\\n"u8) ? at + 4
        : text[at..].StartsWith("\\n"u8) ? at + 2
        : at;

    private static int DecodeClean(ReadOnlySpan<byte> text, bool padded, Span<byte> output)
    {
        int whole = text.Length & ~3;
        Base64.DecodeFromUtf8(text[..whole], output, out _, out int written, isFinalBlock: true);
        ReadOnlySpan<byte> rest = text[whole..];
        if (rest.Length < 2 || (rest.Length == 2 && !padded && !IsUnusedZero(rest[1])))
            return written;
        Span<byte> last = [(byte)'A', (byte)'A', (byte)'A', (byte)'A'];
        rest.CopyTo(last);
        Span<byte> bytes = stackalloc byte[3];
        Base64.DecodeFromUtf8(last, bytes, out _, out _);
        bytes[..(rest.Length - 1)].CopyTo(output[written..]);
        return written + rest.Length - 1;
    }

    private static bool IsUnusedZero(byte c) => c is (byte)'A' or (byte)'Q' or (byte)'g' or (byte)'w';

    private static byte[] MakeStandard()
    {
        byte[] map = new byte[256];
        for (int i = 0; i < map.Length; i++)
        {
            map[i] = (byte)i switch
            {
                (byte)'-' or (byte)'+' => (byte)'+',
                (byte)'_' or (byte)'/' => (byte)'/',
                _ => Bytes.Is((byte)i, ByteClass.Alphanumeric) ? (byte)i : Skip,
            };
        }

        return map;
    }
}
