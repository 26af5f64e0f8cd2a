using System.Runtime.InteropServices;

namespace Weir.Cli;

/// <summary>Keeps the process's memory at what is in use.</summary>
internal static partial class Allocator
{
    private const int MmapThreshold = -3; // M_MMAP_THRESHOLD of malloc.h

    /// <summary>
    /// Pins glibc's threshold for blocks that go back to the system at once. Left alone it grows with every large block that is
    /// freed, and column buffers of megabytes then stay in the heap: 650 MB instead of 500 MB for the same ingest (perf/).
    /// </summary>
    public static void GiveBackMemory()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = Mallopt(MmapThreshold, 128 << 10);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no such knob, and no such habit.
        }
        catch (DllNotFoundException)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int Mallopt(int parameter, int value);
}
