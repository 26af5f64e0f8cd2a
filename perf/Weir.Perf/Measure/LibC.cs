using System.Runtime.InteropServices;

namespace Weir.Perf.Measure;

/// <summary>The C library's calls; the layouts are those of 64-bit Linux.</summary>
internal static partial class LibC
{
    private const int RusageChildren = -1, RusageSelf = 0;

    /// <summary>Sums over the children that have been waited for; the peak is the largest of them.</summary>
    public static Usage Children(double wallSeconds) => Read(RusageChildren, wallSeconds);

    /// <summary>This process, all its threads, so far.</summary>
    public static Usage Self(double wallSeconds) => Read(RusageSelf, wallSeconds);

    private static Usage Read(int who, double wallSeconds)
    {
        Span<long> rusage = stackalloc long[18];   // two timevals and fourteen longs
        if (GetRusage(who, ref MemoryMarshal.GetReference(rusage)) != 0)
            throw new PerfException(2, $"getrusage failed: error {Marshal.GetLastPInvokeError()}.");
        return new Usage(wallSeconds, rusage[0] + rusage[1] / 1e6, rusage[2] + rusage[3] / 1e6, rusage[4] * 1024);
    }

    /// <summary>Writes dirty pages out, so that one run does not pay for the one before it.</summary>
    [LibraryImport("libc", EntryPoint = "sync")]
    public static partial void Sync();

    [LibraryImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    private static partial int GetRusage(int who, ref long rusage);
}
