using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Weir.Perf.Components;

/// <summary>The floor of every reader: the file read in blocks, its line ends, quotes and commas counted, nothing kept.</summary>
internal sealed class ByteCount : Component
{
    public const string Id = "byte-count";

    private static long seen;   // keeps the counts alive

    public override string Name => Id;

    public override string Description => "floor: line ends, quotes and commas counted with 256-bit vectors, nothing else";

    public override bool IsParallel => true;

    public override TextUnit Unit => TextUnit.File;

    public override Tally Run(string file, int threads) => new(0, FileParts.Sum(file, threads, () => (block, length) =>
    {
        Interlocked.Add(ref seen, Count(block, length));
        return length;
    }));

    private static long Count(byte[] block, int length)
    {
        ref byte first = ref MemoryMarshal.GetArrayDataReference(block);
        long lines = 0, quotes = 0, commas = 0;
        for (int at = 0; at < length; at += 64)
        {
            lines += BitOperations.PopCount(Equal(ref first, at, (byte)'\n'));
            quotes += BitOperations.PopCount(Equal(ref first, at, (byte)'"'));
            commas += BitOperations.PopCount(Equal(ref first, at, (byte)','));
        }

        return lines + quotes + commas;
    }

    /// <summary>Which of 64 bytes are this one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Equal(ref byte first, int at, byte wanted)
    {
        var value = Vector256.Create(wanted);
        ulong low = Vector256.Equals(Vector256.LoadUnsafe(ref first, (nuint)at), value).ExtractMostSignificantBits();
        ulong high = Vector256.Equals(Vector256.LoadUnsafe(ref first, (nuint)at + 32), value).ExtractMostSignificantBits();
        return low | (high << 32);
    }
}
