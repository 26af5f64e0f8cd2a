using System.Text;
using Apache.Arrow;
using Weir.Engine.Buffers;

namespace Weir.Engine.Tests.Dataflow;

[Collection(NativeMemory.Name)]
public sealed class NativeBufferTests
{
    [Fact]
    public unsafe void ToArrow_Bytes_AreTheSameAndFreedOnce()
    {
        long rented = NativePool.Rented;
        var buffer = new NativeBuffer(100) { Length = 3 };
        "abc"u8.CopyTo(buffer.GetSpan());
        byte* at = buffer.Pointer;
        ArrowBuffer arrow = buffer.ToArrow();
        fixed (byte* now = arrow.Span)
            Assert.True(at == now, "copied");
        Assert.Equal(rented + 1, NativePool.Rented);
        arrow.Dispose();
        arrow.Dispose();
        ((IDisposable)buffer).Dispose();
        Assert.Equal(rented, NativePool.Rented);
        Assert.Throws<ObjectDisposedException>(() => buffer.GetSpan().Length);
    }

    [Fact]
    public void ToArrow_Empty_HoldsNothing()
    {
        long rented = NativePool.Rented;
        Assert.True(new NativeBuffer(100).ToArrow().IsEmpty);
        Assert.Equal(rented, NativePool.Rented);
    }

    [Fact]
    public unsafe void Ensure_AtEveryEdge_KeepsBytesAndSlack()
    {
        foreach (long bytes in new[] { 0L, 1, 447, 448, 449, 511, 512, 513, 4_032, 4_033, 100_000 })
        {
            using var owner = (IDisposable)new NativeBuffer(bytes);
            var buffer = (NativeBuffer)owner;
            Assert.True(buffer.Capacity >= bytes);
            Assert.Equal(0, (nint)buffer.Pointer % 64);
            int length = (int)buffer.Capacity;
            buffer.Length = length;
            buffer.GetSpan().Fill(7);
            buffer.Ensure(length + 1L);
            Assert.True(buffer.Capacity >= length + 1L);
            Assert.Equal(length, buffer.GetSpan().Count((byte)7));
            new Span<byte>(buffer.Pointer + buffer.Capacity, 64).Fill(1); // may be overwritten
        }
    }

    [Fact]
    public void Ensure_BeyondArrowsOffsets_IsRefused()
    {
        using var owner = (IDisposable)new NativeBuffer(1);
        Assert.Throws<InvalidOperationException>(() => ((NativeBuffer)owner).Ensure(int.MaxValue));
    }

    [Fact]
    public void Pool_ManyThreads_NoBlockTwice()
    {
        long rented = NativePool.Rented;
        Parallel.For(0, 2_000, i =>
        {
            using var owner = (IDisposable)new NativeBuffer(1 + i % 5_000);
            var buffer = (NativeBuffer)owner;
            buffer.Length = 1 + i % 5_000;
            buffer.GetSpan().Fill((byte)i);
            Thread.SpinWait(50);
            Assert.Equal(buffer.Length, buffer.GetSpan().Count((byte)i));
        });
        Assert.Equal(rented, NativePool.Rented);
    }

    [Fact]
    public unsafe void Utf8Builder_RandomSteps_MatchAList()
    {
        long rented = NativePool.Rented;
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var expected = new List<string?>();
            var builder = new Utf8Builder(random.Next(0, 40), random.Next(0, 40));
            int steps = random.Next(0, 400);
            for (int i = 0; i < steps; i++)
            {
                switch (random.Next(20))
                {
                    case 0:
                        int kept = random.Next(0, expected.Count + 1);
                        builder.Reserve(3);
                        builder.Advance(3); // of a cell that is taken back
                        builder.TruncateTo(kept);
                        expected.RemoveRange(kept, expected.Count - kept);
                        break;
                    case 1:
                        int padded = expected.Count + random.Next(0, 30);
                        builder.PadTo(padded);
                        expected.AddRange(Enumerable.Repeat<string?>(null, padded - expected.Count));
                        break;
                    case < 6:
                        builder.AppendNull();
                        expected.Add(null);
                        break;
                    default:
                        string cell = new((char)('a' + random.Next(26)), random.Next(0, random.Next(4) == 0 ? 900 : 9));
                        builder.Append(Encoding.UTF8.GetBytes(cell));
                        expected.Add(cell);
                        break;
                }
            }

            Assert.Equal((expected.Count, expected.Count(c => c is null)), (builder.Count, builder.NullCount));
            for (int i = 0; i < expected.Count; i++)
                Assert.True(builder.IsNull(i) == expected[i] is null && Encoding.UTF8.GetString(builder.Cell(i)) == (expected[i] ?? ""), $"seed {seed}: cell {i} before it is built");
            if (seed % 10 == 0)
            {
                builder.Dispose();
                continue;
            }

            using StringArray built = builder.Build();
            Assert.Equal((expected.Count, expected.Count(c => c is null)), (built.Length, built.NullCount));
            for (int i = 0; i < expected.Count; i++)
                Assert.True(built.IsNull(i) ? expected[i] is null : Encoding.UTF8.GetString(built.GetBytes(i)) == expected[i], $"seed {seed}: cell {i}");
            builder.Dispose(); // has nothing left
        }

        Assert.Equal(rented, NativePool.Rented);
    }
}
