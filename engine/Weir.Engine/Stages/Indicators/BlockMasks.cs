using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Weir.Engine.Stages;

/// <summary>Sixty-four bytes of text as one bit a byte for each class the scanner steers by.</summary>
internal struct BlockMasks
{
    public const int Size = 64;

    public ulong Alphanumeric, Hex, Digit, Dot, Colon, At, Slash, Dash, Plus, Underscore, Equal, E, Six, Four, Space, Zero, High;

    /// <summary>The block at <paramref name="at"/>; bytes from <paramref name="end"/> on count as none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockMasks Read(ReadOnlySpan<byte> buffer, int at, int end)
    {
        if (at >= end)
            return default;
        if (at + Size <= end)
            return Read(Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(buffer), (nuint)at));
        return ReadLast(buffer, at, end);
    }

    private static BlockMasks ReadLast(ReadOnlySpan<byte> buffer, int at, int end)
    {
        ulong live = (1UL << (end - at)) - 1;
        BlockMasks masks;
        if (at + Size <= buffer.Length)
        {
            masks = Read(Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(buffer), (nuint)at));
        }
        else
        {
            Span<byte> padded = stackalloc byte[Size];
            padded.Clear();
            buffer[at..end].CopyTo(padded);
            masks = Read(Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(padded)));
        }

        masks.Alphanumeric &= live;
        masks.Hex &= live;
        masks.Digit &= live;
        masks.Dot &= live;
        masks.Colon &= live;
        masks.At &= live;
        masks.Slash &= live;
        masks.Dash &= live;
        masks.Plus &= live;
        masks.Underscore &= live;
        masks.Equal &= live;
        masks.E &= live;
        masks.Six &= live;
        masks.Four &= live;
        masks.Space &= live;
        masks.Zero &= live;
        masks.High &= live;
        return masks;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static BlockMasks Read(Vector512<byte> bytes)
    {
        Vector512<byte> lower = bytes | Vector512.Create((byte)0x20);
        Vector512<byte> letter = lower - Vector512.Create((byte)'a');
        BlockMasks masks;
        masks.Digit = AtMost(bytes - Vector512.Create((byte)'0'), 9);
        masks.Alphanumeric = masks.Digit | AtMost(letter, 25);
        masks.Hex = masks.Digit | AtMost(letter, 5);
        masks.Dot = Equals(bytes, (byte)'.');
        masks.Colon = Equals(bytes, (byte)':');
        masks.At = Equals(bytes, (byte)'@');
        masks.Slash = Equals(bytes, (byte)'/');
        masks.Dash = Equals(bytes, (byte)'-');
        masks.Plus = Equals(bytes, (byte)'+');
        masks.Underscore = Equals(bytes, (byte)'_');
        masks.Equal = Equals(bytes, (byte)'=');
        masks.E = Equals(lower, (byte)'e');
        masks.Six = Equals(bytes, (byte)'6');
        masks.Four = Equals(bytes, (byte)'4');
        masks.Space = Equals(bytes, (byte)' ');
        masks.Zero = Equals(bytes, 0);
        masks.High = bytes.ExtractMostSignificantBits();
        return masks;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Equals(Vector512<byte> bytes, byte value) => Vector512.Equals(bytes, Vector512.Create(value)).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong AtMost(Vector512<byte> bytes, byte value) => Vector512.LessThanOrEqual(bytes, Vector512.Create(value)).ExtractMostSignificantBits();
}
