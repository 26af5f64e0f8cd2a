using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Weir.Engine.Stages;

/// <summary>Sixty-four bytes of text, and questions about all of them, answered with one bit a byte.</summary>
/// <remarks>One implementation a width of vectors, and one without any; all give the same.</remarks>
internal interface IBlock<TSelf>
    where TSelf : struct, IBlock<TSelf>
{
    static abstract TSelf Load(ref readonly byte at);

    /// <summary>Those that are <paramref name="value"/>.</summary>
    ulong Is(byte value);

    /// <summary>Those from <paramref name="first"/> on, <paramref name="more"/> beyond it at most.</summary>
    ulong IsIn(byte first, byte more);

    /// <summary>The same with bit 0x20 set, which makes capitals small letters.</summary>
    ulong IsLowerIn(byte first, byte more);

    /// <summary>Those beyond ASCII.</summary>
    ulong IsHigh();
}

internal readonly struct Block512(Vector512<byte> bytes) : IBlock<Block512>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Block512 Load(ref readonly byte at) => new(Vector512.LoadUnsafe(in at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Is(byte value) => Vector512.Equals(bytes, Vector512.Create(value)).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong IsIn(byte first, byte more) => Vector512.LessThanOrEqual(bytes - Vector512.Create(first), Vector512.Create(more)).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong IsLowerIn(byte first, byte more) => new Block512(bytes | Vector512.Create((byte)0x20)).IsIn(first, more);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong IsHigh() => bytes.ExtractMostSignificantBits();
}

internal readonly struct Block256(Vector256<byte> low, Vector256<byte> high) : IBlock<Block256>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Block256 Load(ref readonly byte at) => new(Vector256.LoadUnsafe(in at), Vector256.LoadUnsafe(in at, 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Is(byte value) => Join(Vector256.Equals(low, Vector256.Create(value)), Vector256.Equals(high, Vector256.Create(value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong IsIn(byte first, byte more) => Join(
        Vector256.LessThanOrEqual(low - Vector256.Create(first), Vector256.Create(more)), Vector256.LessThanOrEqual(high - Vector256.Create(first), Vector256.Create(more)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong IsLowerIn(byte first, byte more) => new Block256(low | Vector256.Create((byte)0x20), high | Vector256.Create((byte)0x20)).IsIn(first, more);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong IsHigh() => Join(low, high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Join(Vector256<byte> low, Vector256<byte> high) => low.ExtractMostSignificantBits() | ((ulong)high.ExtractMostSignificantBits() << 32);
}

internal readonly struct Block128(Vector128<byte> one, Vector128<byte> two, Vector128<byte> three, Vector128<byte> four) : IBlock<Block128>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Block128 Load(ref readonly byte at) => new(Vector128.LoadUnsafe(in at), Vector128.LoadUnsafe(in at, 16), Vector128.LoadUnsafe(in at, 32), Vector128.LoadUnsafe(in at, 48));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Is(byte value)
    {
        Vector128<byte> all = Vector128.Create(value);
        return new Block128(Vector128.Equals(one, all), Vector128.Equals(two, all), Vector128.Equals(three, all), Vector128.Equals(four, all)).IsHigh();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong IsIn(byte first, byte more)
    {
        Vector128<byte> from = Vector128.Create(first), most = Vector128.Create(more);
        return new Block128(
            Vector128.LessThanOrEqual(one - from, most), Vector128.LessThanOrEqual(two - from, most), Vector128.LessThanOrEqual(three - from, most), Vector128.LessThanOrEqual(four - from, most)).IsHigh();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong IsLowerIn(byte first, byte more)
    {
        Vector128<byte> small = Vector128.Create((byte)0x20);
        return new Block128(one | small, two | small, three | small, four | small).IsIn(first, more);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong IsHigh() =>
        one.ExtractMostSignificantBits() | ((ulong)two.ExtractMostSignificantBits() << 16) | ((ulong)three.ExtractMostSignificantBits() << 32) | ((ulong)four.ExtractMostSignificantBits() << 48);
}

/// <summary>Byte by byte, where a machine has no vectors.</summary>
internal readonly struct BlockOfBytes(BlockOfBytes.Buffer bytes) : IBlock<BlockOfBytes>
{
    private readonly Buffer bytes = bytes;

    public static BlockOfBytes Load(ref readonly byte at)
    {
        Buffer bytes = default;
        MemoryMarshal.CreateReadOnlySpan(in at, BlockMasks.Size).CopyTo(bytes);
        return new BlockOfBytes(bytes);
    }

    public ulong Is(byte value) => IsIn(value, 0);

    public ulong IsIn(byte first, byte more) => Where(0, first, more);

    public ulong IsLowerIn(byte first, byte more) => Where(0x20, first, more);

    public ulong IsHigh() => IsIn(0x80, 0x7F);

    private ulong Where(byte set, byte first, byte more)
    {
        ulong mask = 0;
        for (int i = 0; i < BlockMasks.Size; i++)
        {
            if ((byte)((bytes[i] | set) - first) <= more)
                mask |= 1UL << i;
        }

        return mask;
    }

    [InlineArray(BlockMasks.Size)]
    internal struct Buffer
    {
        private byte first;
    }
}
