using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace Weir.Engine.Buffers;

/// <summary>The text of a JSON string (RFC 8259, section 7).</summary>
internal static class JsonString
{
    /// <summary>Takes the escapes of a well-formed string back; half of a surrogate pair, which no text can hold, becomes U+FFFD.</summary>
    /// <param name="value">What stands between the quotes.</param>
    /// <param name="target">At least as long: no escape is shorter than its text.</param>
    /// <param name="lone">There was half of a pair.</param>
    /// <returns>Bytes written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Unescape(ReadOnlySpan<byte> value, Span<byte> target, out bool lone)
    {
        lone = false;
        int length = 0, at = 0;
        while (true)
        {
            int plain = value[at..].IndexOf((byte)'\\');
            if (plain < 0)
                plain = value.Length - at;
            value.Slice(at, plain).CopyTo(target[length..]);
            (length, at) = (length + plain, at + plain);
            if (at == value.Length)
                return length;
            if (value[at + 1] != 'u')
            {
                target[length++] = value[at + 1] switch
                {
                    (byte)'b' => 8,
                    (byte)'f' => 12,
                    (byte)'n' => 10,
                    (byte)'r' => 13,
                    (byte)'t' => 9,
                    byte itself => itself,
                };
                at += 2;
                continue;
            }

            char unit = (char)CodeUnit(value, at);
            at += 6;
            int low = char.IsHighSurrogate(unit) ? CodeUnit(value, at) : -1;
            Rune rune = Rune.ReplacementChar;
            if (low >= 0 && char.IsLowSurrogate((char)low))
            {
                rune = new Rune(unit, (char)low);
                at += 6;
            }
            else if (!char.IsSurrogate(unit))
            {
                rune = new Rune(unit);
            }
            else
            {
                lone = true;
            }

            length += rune.EncodeToUtf8(target[length..]);
        }
    }

    /// <returns>The code unit of <c>\uXXXX</c>; -1 where there is none.</returns>
    public static int CodeUnit(ReadOnlySpan<byte> text, int at)
    {
        if (at + 6 > text.Length || text[at] != '\\' || text[at + 1] != 'u')
            return -1;
        return Utf8Parser.TryParse(text.Slice(at + 2, 4), out ushort unit, out int read, 'x') && read == 4 ? unit : -1;
    }
}
