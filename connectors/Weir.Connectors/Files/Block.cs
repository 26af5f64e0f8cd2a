using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Weir.Connectors;

/// <summary>64 bytes of text in registers of one width; what is asked of them comes as 64 bits, the first byte's lowest.</summary>
internal unsafe interface IBlock<TSelf>
    where TSelf : struct, IBlock<TSelf>
{
    /// <summary>Bits of the bytes that are not ASCII.</summary>
    ulong High { get; }

    static abstract TSelf Load(byte* at);

    /// <summary>64 times the same byte.</summary>
    static abstract TSelf Of(byte value);

    /// <summary>Bits of the bytes that are those of <paramref name="other"/>.</summary>
    ulong Equal(TSelf other);

    /// <summary>Bits of the bytes that are less than those of <paramref name="other"/>.</summary>
    ulong Less(TSelf other);

    void Store(byte* target);

    /// <summary>Writes the bytes whose bits are set, one behind the other; up to 64 bytes of <paramref name="target"/> are overwritten.</summary>
    /// <returns>Behind the last of them.</returns>
    static abstract byte* Pack(byte* source, ulong kept, byte* target);

    /// <summary>Writes the places of the bits that are set, <paramref name="at"/> added; up to 64 of <paramref name="target"/> are overwritten.</summary>
    static abstract void Places(ulong bits, int at, int* target);
}

/// <summary>What blocks of every width have in common.</summary>
internal static unsafe class Block
{
    public const int Bytes = 64;

    /// <summary>Widest register that is fast here, in bits; 0: none.</summary>
    public static int Bits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;

    /// <summary>Each bit is the parity of itself and all below it: what lies between a quote (with it) and the next (without it).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong PrefixXor(ulong bits)
    {
        if (Pclmulqdq.IsSupported)
            return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(bits), Vector128<ulong>.AllBitsSet, 0).ToScalar();
        for (int shift = 1; shift < 64; shift *= 2)
            bits ^= bits << shift;
        return bits;
    }

    /// <summary>The lowest bits, as many as <paramref name="bytes"/>; all where there are 64 and more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong First(int bytes) => bytes >= Bytes ? ulong.MaxValue : (1UL << bytes) - 1;

    /// <inheritdoc cref="IBlock{TSelf}.Pack"/>
    /// <remarks>Stretch by stretch: each copy writes more than it has, and the next one over it.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Pack(byte* source, ulong kept, byte* target)
    {
        while (kept != 0)
        {
            int from = BitOperations.TrailingZeroCount(kept);
            int length = BitOperations.TrailingZeroCount(~(kept >> from)); // 64 where all are set
            Vector256.Load(source + from).Store(target);
            if (length > 32)
                Vector256.Load(source + from + 32).Store(target + 32);
            target += length;
            kept = length == Bytes ? 0 : (kept >> from >> length) << from << length;
        }

        return target;
    }

    /// <inheritdoc cref="IBlock{TSelf}.Places"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Places(ulong bits, int at, int* target)
    {
        // Eight at a time, whether there are so many or not: the jump is foreseen then (simdjson).
        for (int left = BitOperations.PopCount(bits); left > 0; left -= 8, target += 8)
        {
            for (int i = 0; i < 8; i++)
            {
                target[i] = at + BitOperations.TrailingZeroCount(bits);
                bits &= bits - 1;
            }
        }
    }
}

/// <summary>In one register of 512 bits.</summary>
internal readonly unsafe struct Block512(Vector512<byte> bytes) : IBlock<Block512>
{
    private readonly Vector512<byte> bytes = bytes;

    public ulong High
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => bytes.ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Block512 Load(byte* at) => new(Vector512.Load(at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Block512 Of(byte value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Equal(Block512 other) => Vector512.Equals(bytes, other.bytes).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Less(Block512 other) => Vector512.LessThan(bytes, other.bytes).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(byte* target) => bytes.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Pack(byte* source, ulong kept, byte* target)
    {
        if (!Avx512Vbmi2.IsSupported)
            return Block.Pack(source, kept, target);
        Avx512Vbmi2.Compress(Vector512<byte>.Zero, Mask(kept), Vector512.Load(source)).Store(target);
        return target + BitOperations.PopCount(kept);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Places(ulong bits, int at, int* target)
    {
        if (!Avx512Vbmi2.IsSupported)
        {
            Block.Places(bits, at, target);
            return;
        }

        Vector512<byte> places = Avx512Vbmi2.Compress(Vector512<byte>.Zero, Mask(bits), Vector512.CreateSequence<byte>(0, 1));
        Vector512<int> start = Vector512.Create(at);
        (Avx512F.ConvertToVector512Int32(places.GetLower().GetLower()) + start).Store(target);
        int count = BitOperations.PopCount(bits);
        if (count <= 16)
            return;
        (Avx512F.ConvertToVector512Int32(places.GetLower().GetUpper()) + start).Store(target + 16);
        (Avx512F.ConvertToVector512Int32(places.GetUpper().GetLower()) + start).Store(target + 32);
        (Avx512F.ConvertToVector512Int32(places.GetUpper().GetUpper()) + start).Store(target + 48);
    }

    // Bit n to byte n: the byte that has the bit, then the bit in it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Mask(ulong bits)
    {
        Vector512<byte> owner = Vector512.Create(
            0x0000000000000000UL, 0x0101010101010101UL, 0x0202020202020202UL, 0x0303030303030303UL, 0x0404040404040404UL, 0x0505050505050505UL, 0x0606060606060606UL, 0x0707070707070707UL).AsByte();
        Vector512<byte> bit = Vector512.Create(0x8040201008040201UL).AsByte();
        return Vector512.Equals(Avx512BW.Shuffle(Vector512.Create(bits).AsByte(), owner) & bit, bit);
    }
}

/// <summary>In two registers of 256 bits.</summary>
internal readonly unsafe struct Block256(Vector256<byte> low, Vector256<byte> high) : IBlock<Block256>
{
    private readonly Vector256<byte> low = low;
    private readonly Vector256<byte> high = high;

    public ulong High
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => low.ExtractMostSignificantBits() | ((ulong)high.ExtractMostSignificantBits() << 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Block256 Load(byte* at) => new(Vector256.Load(at), Vector256.Load(at + 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Block256 Of(byte value) => new(Vector256.Create(value), Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Equal(Block256 other) =>
        Vector256.Equals(low, other.low).ExtractMostSignificantBits() | ((ulong)Vector256.Equals(high, other.high).ExtractMostSignificantBits() << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Less(Block256 other) =>
        Vector256.LessThan(low, other.low).ExtractMostSignificantBits() | ((ulong)Vector256.LessThan(high, other.high).ExtractMostSignificantBits() << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(byte* target)
    {
        low.Store(target);
        high.Store(target + 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Pack(byte* source, ulong kept, byte* target) => Block.Pack(source, kept, target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Places(ulong bits, int at, int* target) => Block.Places(bits, at, target);
}

/// <summary>In four registers of 128 bits.</summary>
internal readonly unsafe struct Block128(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> d) : IBlock<Block128>
{
    private readonly Vector128<byte> a = a;
    private readonly Vector128<byte> b = b;
    private readonly Vector128<byte> c = c;
    private readonly Vector128<byte> d = d;

    public ulong High
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Bits(a, b, c, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Block128 Load(byte* at) => new(Vector128.Load(at), Vector128.Load(at + 16), Vector128.Load(at + 32), Vector128.Load(at + 48));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Block128 Of(byte value)
    {
        Vector128<byte> all = Vector128.Create(value);
        return new(all, all, all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Equal(Block128 other) => Bits(Vector128.Equals(a, other.a), Vector128.Equals(b, other.b), Vector128.Equals(c, other.c), Vector128.Equals(d, other.d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Less(Block128 other) => Bits(Vector128.LessThan(a, other.a), Vector128.LessThan(b, other.b), Vector128.LessThan(c, other.c), Vector128.LessThan(d, other.d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(byte* target)
    {
        a.Store(target);
        b.Store(target + 16);
        c.Store(target + 32);
        d.Store(target + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Pack(byte* source, ulong kept, byte* target) => Block.Pack(source, kept, target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Places(ulong bits, int at, int* target) => Block.Places(bits, at, target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> d) =>
        a.ExtractMostSignificantBits() | ((ulong)b.ExtractMostSignificantBits() << 16) | ((ulong)c.ExtractMostSignificantBits() << 32) | ((ulong)d.ExtractMostSignificantBits() << 48);
}

/// <summary>Byte by byte: what the others must give.</summary>
internal readonly unsafe struct BlockScalar(byte* at, byte value) : IBlock<BlockScalar>
{
    private readonly byte* at = at; // null: 64 times the value
    private readonly byte value = value;

    public ulong High
    {
        get
        {
            ulong bits = 0;
            for (int i = 0; i < Block.Bytes; i++)
                bits |= (ulong)(at[i] >> 7) << i;
            return bits;
        }
    }

    public static BlockScalar Load(byte* at) => new(at, 0);

    public static BlockScalar Of(byte value) => new(null, value);

    public ulong Equal(BlockScalar other)
    {
        ulong bits = 0;
        for (int i = 0; i < Block.Bytes; i++)
            bits |= at[i] == other.value ? 1UL << i : 0;
        return bits;
    }

    public ulong Less(BlockScalar other)
    {
        ulong bits = 0;
        for (int i = 0; i < Block.Bytes; i++)
            bits |= at[i] < other.value ? 1UL << i : 0;
        return bits;
    }

    public void Store(byte* target)
    {
        for (int i = 0; i < Block.Bytes; i++)
            target[i] = at[i];
    }

    public static byte* Pack(byte* source, ulong kept, byte* target)
    {
        for (int i = 0; i < Block.Bytes; i++)
        {
            if ((kept >> i & 1) != 0)
                *target++ = source[i];
        }

        return target;
    }

    public static void Places(ulong bits, int at, int* target)
    {
        for (int i = 0; i < Block.Bytes; i++)
        {
            if ((bits >> i & 1) != 0)
                *target++ = at + i;
        }
    }
}
