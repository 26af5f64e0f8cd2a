using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Weir.Perf.Components;

/// <summary>The limit of a reader that fills columns: rows found beside quotes, and every byte but quotes copied once.</summary>
internal sealed class StructureCopy : Component
{
    public const string Id = "structure-copy";

    public override string Name => Id;

    public override string Description => "limit: quote-aware structure by carry-less multiplication, and a copy of every byte that is no quote, without cutting it into fields";

    public override TextUnit Unit => TextUnit.Rows;

    public override Tally Run(string file, int threads)
    {
        ulong quoted = 0;   // all ones where the block before ended inside quotes
        byte[] output = [];
        long lines = FileParts.Sum(file, 1, () => (block, length) =>
        {
            if (output.Length < block.Length + FileParts.Padding)
                output = new byte[block.Length + FileParts.Padding];
            return Read(block, length, output, ref quoted);
        });
        return new Tally(lines - 1, 0);
    }

    private static long Read(byte[] block, int length, byte[] output, ref ulong quoted)
    {
        ref byte first = ref MemoryMarshal.GetArrayDataReference(block);
        ref byte to = ref MemoryMarshal.GetArrayDataReference(output);
        long lines = 0;
        int written = 0;
        for (int at = 0; at < length; at += 64)
        {
            ulong quotes = ByteCount.Equal(ref first, at, (byte)'"');
            ulong inside = PrefixXor(quotes) ^ quoted;
            quoted = (ulong)((long)inside >> 63);
            lines += BitOperations.PopCount(ByteCount.Equal(ref first, at, (byte)'\n') & ~inside);
            int start = 0;
            for (; quotes != 0; quotes &= quotes - 1)
            {
                int quote = BitOperations.TrailingZeroCount(quotes);
                Copy64(ref first, at + start, ref to, written);
                written += quote - start;
                start = quote + 1;
            }

            Copy64(ref first, at + start, ref to, written);
            written += 64 - start;
        }

        return lines;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy64(ref byte from, int at, ref byte to, int written)
    {
        Vector256.LoadUnsafe(ref from, (nuint)at).StoreUnsafe(ref to, (nuint)written);
        Vector256.LoadUnsafe(ref from, (nuint)at + 32).StoreUnsafe(ref to, (nuint)written + 32);
    }

    /// <summary>Each bit the parity of those up to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong PrefixXor(ulong bits)
    {
        if (Pclmulqdq.IsSupported)
            return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(bits), Vector128<ulong>.AllBitsSet, 0).ToScalar();
        for (int step = 1; step < 64; step <<= 1)
            bits ^= bits << step;
        return bits;
    }
}
