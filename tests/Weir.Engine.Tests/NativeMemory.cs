using Weir.Engine.Buffers;

namespace Weir.Engine.Tests;

/// <summary>Tests that count native blocks: they run alone, as the count is the process's.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class NativeMemory : ICollectionFixture<NativeMemory>
{
    public const string Name = "native memory";

    /// <summary>Runs behind all other tests. What they did not dispose is finalised by Arrow, and the count must not fall by that later.</summary>
    public NativeMemory()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>Overwrites what lies free in the pool, so that a column that outlived its block shows.</summary>
    internal static unsafe void Scribble()
    {
        foreach (int size in new[] { 400, 900, 1_900, 3_900, 8_000, 16_000, 64_000 })
        {
            var taken = new List<NativeBuffer>();
            for (int i = 0; i < 32; i++)
            {
                var buffer = new NativeBuffer(size);
                new Span<byte>(buffer.Pointer, (int)buffer.Capacity).Fill(0xA5);
                taken.Add(buffer);
            }

            foreach (IDisposable buffer in taken)
                buffer.Dispose();
        }
    }
}
