using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Weir.Engine.Buffers;

/// <summary>Native memory in sizes of four steps a power of two, kept for reuse up to a bound.</summary>
/// <remarks>
/// Column buffers are megabytes and live for one batch. From the managed heap each would be a large object that is zeroed
/// and collected; from here the same pages go round, and DuckDB's threads can read them without pinning.
/// </remarks>
internal static unsafe class NativePool
{
    // With a page, three buffers a column would make an empty batch of 10,000 columns 120 MB, of which its lengths say nothing.
    private const long Smallest = 512;
    private const long KeptBytes = 48L << 20; // guess: two batches in flight; perf/ would show more page faults below it

    private static readonly ConcurrentBag<nint>[] Free = [.. Enumerable.Range(0, 4 * 48).Select(_ => new ConcurrentBag<nint>())];
    private static long kept;
    private static long rented;

    /// <summary>Blocks that are rented and not returned: the tests' leak detector.</summary>
    public static long Rented => Interlocked.Read(ref rented);

    public static nint Rent(long bytes, out long capacity)
    {
        Interlocked.Increment(ref rented);
        int size = SizeOf(Math.Max(Smallest, bytes), out capacity);
        if (Free[size].TryTake(out nint memory))
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

        Free[SizeOf(capacity, out _)].Add(memory);
    }

    // Powers of two alone left a third of 500 columns' batches unused: 213 MB for 140.
    private static int SizeOf(long bytes, out long capacity)
    {
        int power = BitOperations.Log2((ulong)(bytes - 1));
        long step = 1L << (power - 2);
        long steps = (bytes - 1) / step;
        capacity = (steps + 1) * step;
        return (4 * power) + (int)steps - 4;
    }
}
