using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Weir.Engine.Buffers;

/// <summary>Native memory in sizes that are powers of two, kept for reuse up to a bound.</summary>
/// <remarks>
/// Column buffers are megabytes and live for one batch. From the managed heap each would be a large object that is zeroed
/// and collected; from here the same pages go round, and DuckDB's threads can read them without pinning.
/// </remarks>
internal static unsafe class NativePool
{
    // 512 bytes. With a page, three buffers a column would make an empty batch of 10,000 columns 120 MB, of which its lengths say nothing.
    private const int SmallestShift = 9;
    private const long KeptBytes = 48L << 20; // guess: two batches in flight; perf/ would show more page faults below it

    private static readonly ConcurrentBag<nint>[] Free = [.. Enumerable.Range(0, 48).Select(_ => new ConcurrentBag<nint>())];
    private static long kept;
    private static long rented;

    /// <summary>Blocks that are rented and not returned: the tests' leak detector.</summary>
    public static long Rented => Interlocked.Read(ref rented);

    public static nint Rent(long bytes, out long capacity)
    {
        Interlocked.Increment(ref rented);
        int shift = Math.Max(SmallestShift, BitOperations.Log2((ulong)Math.Max(1, bytes - 1)) + 1);
        capacity = 1L << shift;
        if (Free[shift].TryTake(out nint memory))
        {
            Interlocked.Add(ref kept, -capacity);
            return memory;
        }

        return (nint)NativeMemory.AlignedAlloc((nuint)capacity, 64);
    }

    public static void Return(nint memory, long capacity)
    {
        Interlocked.Decrement(ref rented);
        if (Interlocked.Add(ref kept, capacity) > KeptBytes)
        {
            Interlocked.Add(ref kept, -capacity);
            NativeMemory.AlignedFree((void*)memory);
            return;
        }

        Free[BitOperations.Log2((ulong)capacity)].Add(memory);
    }
}
