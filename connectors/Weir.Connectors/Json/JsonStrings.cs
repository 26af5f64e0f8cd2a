using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using Weir.Engine.Buffers;

namespace Weir.Connectors;

/// <summary>Writes the text of JSON strings straight into a column: 64 bytes at a time are looked at, unescaped and copied at once.</summary>
internal abstract unsafe class JsonStrings
{
    /// <param name="bits">Width of the registers, as <see cref="Block.Bits"/> has it.</param>
    public static JsonStrings Of(int bits) => bits switch
    {
        512 => new JsonStrings<Block512>(),
        256 => new JsonStrings<Block256>(),
        128 => new JsonStrings<Block128>(),
        _ => new JsonStrings<BlockScalar>(),
    };

    /// <summary>Adds a string's text to a column's current cell.</summary>
    /// <param name="source">Behind the opening quote.</param>
    /// <param name="end">Of the record; 64 bytes behind it may be read.</param>
    /// <returns>Behind the closing quote; null where the string is none of the ordinary: it is no JSON, or has surrogates or NUL as escapes, which call for a remark.</returns>
    public abstract byte* Copy(byte* source, byte* end, Utf8Builder column);
}

/// <inheritdoc/>
internal sealed unsafe class JsonStrings<TBlock> : JsonStrings
    where TBlock : struct, IBlock<TBlock>
{
    private const int Room = 2 * Block.Bytes; // a block, and one character of an escape behind it

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override byte* Copy(byte* source, byte* end, Utf8Builder column)
    {
        TBlock quotes = TBlock.Of((byte)'"'), slashes = TBlock.Of((byte)'\\'), solidi = TBlock.Of((byte)'/'), spaces = TBlock.Of((byte)' ');
        byte* begin = column.Reserve(Room), target = begin, stop = begin + (column.Capacity - column.Length);
        while (source < end)
        {
            if (stop - target < Room)
            {
                column.Advance((int)(target - begin));
                begin = target = column.Reserve(Room);
                stop = begin + (column.Capacity - column.Length);
            }

            TBlock block = TBlock.Load(source);
            ulong quoted = block.Equal(quotes), slash = block.Equal(slashes), stops = quoted | block.Less(spaces);
            ulong opening = 0, escaped = 0;
            if (slash != 0)
            {
                // Backslashes that escape, and what they escape: every other one of a run (simdjson, json_escape_scanner.h).
                const ulong odd = 0xAAAA_AAAA_AAAA_AAAA;
                ulong codes = (((slash << 1) | odd) - slash) ^ odd;
                (opening, escaped) = (codes & slash, codes ^ slash);
                stops &= ~(escaped & quoted);
            }

            ulong live = stops == 0 ? ulong.MaxValue : (stops & (0 - stops)) - 1;
            if (stops == 0 && opening >> 63 != 0)
                live >>= 1; // what it escapes stands in the next block
            ulong others = escaped & live & ~(quoted | slash | block.Equal(solidi));
            if (others != 0)
            {
                int letter = BitOperations.TrailingZeroCount(others);
                target = TBlock.Pack(source, live & Block.First(letter - 1) & ~opening, target);
                source += letter;
                if (!Unescape(ref source, end, ref target))
                    return null;
                continue;
            }

            if (opening != 0)
            {
                target = TBlock.Pack(source, live & ~opening, target);
            }
            else
            {
                block.Store(target);
                target += BitOperations.PopCount(live);
            }

            source += BitOperations.PopCount(live);
            if (stops == 0)
                continue;
            if (source >= end || *source != '"')
                return null;
            column.Advance((int)(target - begin));
            return source + 1;
        }

        return null;
    }

    private static bool Unescape(ref byte* source, byte* end, ref byte* target)
    {
        if (source >= end)
            return false;
        byte letter = *source++;
        switch (letter)
        {
            case (byte)'n':
                *target++ = (byte)'\n';
                return true;
            case (byte)'t':
                *target++ = (byte)'\t';
                return true;
            case (byte)'r':
                *target++ = (byte)'\r';
                return true;
            case (byte)'b':
                *target++ = 8;
                return true;
            case (byte)'f':
                *target++ = 12;
                return true;
            case (byte)'u' when end - source >= 4:
                int unit = 0;
                for (int i = 0; i < 4; i++)
                {
                    if (!char.IsAsciiHexDigit((char)source[i]))
                        return false;
                    unit = (unit << 4) | ((source[i] & 15) + (source[i] >= 'A' ? 9 : 0));
                }

                if (unit == 0 || !Rune.TryCreate(unit, out Rune rune))
                    return false;
                target += rune.EncodeToUtf8(new Span<byte>(target, 4));
                source += 4;
                return true;
            default:
                return false;
        }
    }
}
