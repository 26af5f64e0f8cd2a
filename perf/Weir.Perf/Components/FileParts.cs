using Microsoft.Win32.SafeHandles;

namespace Weir.Perf.Components;

/// <summary>Reads a file in blocks, a part of it by each thread.</summary>
internal static class FileParts
{
    private const int Block = 1 << 20;

    /// <summary>Vectors may be loaded this far beyond the end of a block; what is there is zero.</summary>
    public const int Padding = 64;

    /// <summary>Sums what <paramref name="read"/> makes of every block, padded; blocks of one part come in order.</summary>
    public static long Sum(string file, int threads, Func<Func<byte[], int, long>> read)
    {
        using SafeFileHandle handle = File.OpenHandle(file);
        long length = RandomAccess.GetLength(handle);
        long[] sums = new long[threads];
        var workers = Enumerable.Range(0, threads).Select(i => new Thread(() => sums[i] = Part(handle, length / threads * i, i + 1 == threads ? length : length / threads * (i + 1), read()))).ToList();
        workers.ForEach(w => w.Start());
        workers.ForEach(w => w.Join());
        return sums.Sum();
    }

    private static long Part(SafeFileHandle handle, long from, long to, Func<byte[], int, long> read)
    {
        byte[] buffer = new byte[Block + Padding];
        long sum = 0;
        while (from < to)
        {
            int got = RandomAccess.Read(handle, buffer.AsSpan(0, (int)Math.Min(Block, to - from)), from);
            if (got == 0)
                break;
            buffer.AsSpan(got, Padding).Clear();
            sum += read(buffer, got);
            from += got;
        }

        return sum;
    }
}
