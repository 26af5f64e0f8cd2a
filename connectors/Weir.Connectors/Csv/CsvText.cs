using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Weir.Connectors;

/// <summary>Turns a field's bytes into its text: quotes taken back, ill-formed UTF-8 replaced.</summary>
internal static unsafe class CsvText
{
    /// <summary>Writes the text of <paramref name="field"/> and says how long it is; <paramref name="target"/> has room for the field and 64 bytes more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(byte* row, in CsvField field, int quote, int escape, byte* target)
    {
        if ((field.Kind & (CsvFieldKind.Marked | CsvFieldKind.TextAfterQuote)) == 0)
        {
            Copy(row + field.Start, field.Length, target);
            return field.Length;
        }

        return WriteMarked(row, field, quote, escape, target);
    }

    /// <summary>Text of <paramref name="field"/> with ill-formed UTF-8 replaced: for names and samples.</summary>
    public static string Decode(byte* row, in CsvField field, int quote, int escape)
    {
        byte[] text = new byte[field.Length + 64];
        fixed (byte* target = text)
            return Encoding.UTF8.GetString(text, 0, Write(row, field, quote, escape, target));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(byte* source, int length, byte* target)
    {
        // Most cells fit one vector; both sides have slack.
        Vector256.Load(source).Store(target);
        if (length > 32)
            new ReadOnlySpan<byte>(source + 32, length - 32).CopyTo(new Span<byte>(target + 32, length - 32));
    }

    private static int WriteMarked(byte* row, in CsvField field, int quote, int escape, byte* target)
    {
        bool after = (field.Kind & CsvFieldKind.TextAfterQuote) != 0;
        int start = after ? field.Start + 1 : field.Start;
        int end = after ? field.Close : field.End;
        int length = (field.Kind & CsvFieldKind.Marked) == 0
            ? Plain(row + start, end - start, target)
            : escape >= 0
                ? TakeBackEscapes(row + start, end - start, (byte)quote, (byte)escape, target)
                : TakeBackQuotes(row + start, end - start, (byte)quote, target);
        if (after)
            length += Plain(row + field.Close + 1, field.End - field.Close - 1, target + length);
        return length;
    }

    private static int Plain(byte* source, int length, byte* target)
    {
        new ReadOnlySpan<byte>(source, length).CopyTo(new Span<byte>(target, length));
        return length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int TakeBackQuotes(byte* source, int length, byte quote, byte* target)
    {
        Vector256<byte> quotes = Vector256.Create(quote);
        byte* from = source;
        byte* to = target;
        byte* end = source + length;
        while (from < end)
        {
            Vector256<byte> bytes = Vector256.Load(from);
            bytes.Store(to);
            uint marks = Vector256.Equals(bytes, quotes).ExtractMostSignificantBits();
            int kept = marks == 0 ? 32 : BitOperations.TrailingZeroCount(marks) + 1;
            if (kept >= end - from)
            {
                to += end - from;
                break;
            }

            to += kept;
            from += marks == 0 ? 32 : kept + 1; // the twin is left out
        }

        return (int)(to - target);
    }

    private static int TakeBackEscapes(byte* source, int length, byte quote, byte escape, byte* target)
    {
        int written = 0;
        for (int i = 0; i < length; i++)
        {
            if (source[i] == escape && i + 1 < length && (source[i + 1] == quote || source[i + 1] == escape))
                i++;
            target[written++] = source[i];
        }

        return written;
    }
}
