using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Weir.Engine.Stages;

/// <summary>Finds indicators in UTF-8 text in one pass.</summary>
/// <remarks>
/// Sixty-four bytes at a time become bit masks; the few positions that can anchor an indicator (a dot between letters, <c>://</c>, <c>@</c>, 32 hexadecimal digits, …)
/// are handed to the kinds, in the order of the text. Linear in any text: each kind looks at a byte a bounded number of times. Bytes that are no UTF-8 end what they touch.
/// Nothing is shared between cells, so hits never cross a border and do not depend on how cells are grouped.
/// </remarks>
internal static class IndicatorScanner
{
    private const int HashDigits = 32;

    /// <summary>Scans cells that lie in one buffer, as an Arrow column of text does. Hits carry the number of their cell, counted from <paramref name="firstCell"/>.</summary>
    /// <param name="values">The values buffer.</param>
    /// <param name="offsets">One more than there are cells.</param>
    /// <param name="hits">Takes the hits.</param>
    /// <param name="firstCell">Number of the first cell.</param>
    public static void ScanColumn(ReadOnlySpan<byte> values, ReadOnlySpan<int> offsets, IndicatorHits hits, int firstCell = 0)
    {
        for (int cell = 0; cell + 1 < offsets.Length; cell++)
        {
            hits.Cell = firstCell + cell;
            Scan(values, offsets[cell], offsets[cell + 1], hits, null);
        }
    }

    /// <summary>Scans one text.</summary>
    public static void Scan(ReadOnlySpan<byte> text, IndicatorHits hits) => Scan(text, 0, text.Length, hits, null);

    /// <summary>Scans one text that lies in a buffer; offsets of hits count from its start.</summary>
    /// <param name="buffer">What may be read beyond the end of the text, though nothing there counts.</param>
    /// <param name="start">Where the text begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="hits">Takes the hits.</param>
    /// <param name="runs">Takes where encoded text may begin; null where nobody asks.</param>
    public static void Scan(ReadOnlySpan<byte> buffer, int start, int end, IndicatorHits hits, EncodedRuns? runs)
    {
        if (Vector512.IsHardwareAccelerated)
            Scan<Block512>(buffer, start, end, hits, runs);
        else if (Vector256.IsHardwareAccelerated)
            Scan<Block256>(buffer, start, end, hits, runs);
        else if (Vector128.IsHardwareAccelerated)
            Scan<Block128>(buffer, start, end, hits, runs);
        else
            Scan<BlockOfBytes>(buffer, start, end, hits, runs);
    }

    /// <summary>The same by one kind of blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // vectors are not compiled ahead, and their loop runs many times slower until it is compiled again
    internal static void Scan<TBlock>(ReadOnlySpan<byte> buffer, int start, int end, IndicatorHits hits, EncodedRuns? runs)
        where TBlock : struct, IBlock<TBlock>
    {
        var state = new ScanState(buffer[start..end], hits);
        Unsafe.SkipInit(out BlockMasks one);
        Unsafe.SkipInit(out BlockMasks other);
        ref BlockMasks block = ref one, after = ref other;
        block.Read<TBlock>(buffer, start, end);
        ulong nameBefore = 0, alphanumericBefore = 0, hexBefore = 0, base64Before = 0;
        for (int at = start; at < end; at += BlockMasks.Size)
        {
            after.Read<TBlock>(buffer, at + BlockMasks.Size, end);
            ulong nameBehind = Next(block.Name, after.Name, 1), hexBefores = Previous(block.Hex, hexBefore);
            ulong dots = block.Dot & Previous(block.Name, nameBefore) & nameBehind;
            ulong mails = block.At & nameBehind;
            ulong urls = block.Colon & Previous(block.Alphanumeric, alphanumericBefore) & Next(block.Slash, after.Slash, 1) & Next(block.Slash, after.Slash, 2);
            ulong addresses = block.Colon & ((hexBefores & Next(block.Hex, after.Hex, 1)) | Next(block.Colon, after.Colon, 1));
            ulong digests = block.Hex & ~hexBefores & RunsOf(block.Hex, after.Hex, HashDigits);
            ulong numbers = block.E & Next(block.Dash | block.Space, after.Dash | after.Space, 1) & Next(block.Digit, after.Digit, 2);
            for (ulong any = dots | mails | urls | addresses | digests | numbers; any != 0; any &= any - 1)
            {
                ulong bit = any & (0 - any);
                int position = at - start + BitOperations.TrailingZeroCount(any);
                if ((dots & bit) != 0)
                    HostKind.At(ref state, position);
                else if ((urls & bit) != 0)
                    UrlKind.At(ref state, position);
                else if ((addresses & bit) != 0)
                    Ipv6Kind.At(ref state, position);
                else if ((mails & bit) != 0)
                    EmailKind.At(ref state, position);
                if ((digests & bit) != 0)
                    HashKind.At(ref state, position);
                if ((numbers & bit) != 0)
                    CveKind.At(ref state, position);
            }

            runs?.Take(at - start, base64Before, in block, in after);
            (nameBefore, alphanumericBefore, hexBefore, base64Before) = (block.Name, block.Alphanumeric, block.Hex, block.Base64);
            ref BlockMasks done = ref block;
            block = ref after;
            after = ref done;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Previous(ulong mask, ulong before) => (mask << 1) | (before >> 63);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Next(ulong mask, ulong after, int distance) => (mask >> distance) | (after << (64 - distance));

    /// <summary>Positions from which on at least <paramref name="length"/> (a power of two up to 32) bits are set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong RunsOf(ulong mask, ulong after, int length)
    {
        for (int step = 1; step < length; step <<= 1)
        {
            mask &= Next(mask, after, step);
            after &= after >> step;
        }

        return mask;
    }
}
