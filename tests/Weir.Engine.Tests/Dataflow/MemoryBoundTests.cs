using static Weir.Engine.Tests.Dataflow.PipelineRun;

namespace Weir.Engine.Tests.Dataflow;

/// <summary>Batches in flight hold no more bytes than allowed, and the bound never stops a run.</summary>
[Collection(NativeMemory.Name)]
public sealed class MemoryBoundTests
{
    private const int Mebibyte = 1 << 20;

    private static readonly RunOptions Small = new() { Memory = 128L << 20, Threads = 2 };

    [Fact]
    public async Task Run_SlowSink_PeakIsTheBoundAndOneBatch()
    {
        var source = new FakeSource(60, 1) { Make = (i, last) => TestBatches.MakeWide(i + 1, 3 * Mebibyte, last) };
        long batch = 0;
        var sink = new FakeSink { On = async (_, _) => await Task.Yield() };
        RunReport report = await RunAsync(source, sink, Small, CancellationToken.None, new FakeStage(same => { Interlocked.Exchange(ref batch, same.Bytes); return same; }));
        Assert.InRange(report.PeakBytes, 1, Small.GateBytes + batch);
    }

    [Fact]
    public async Task Run_BlockedSink_FillsToTheBoundAndNoFurther()
    {
        FakeSource source = null!;
        source = new FakeSource(60, 1) { Make = (i, last) => TestBatches.MakeWide(i + 1, 3 * Mebibyte, last) };
        int most = 0;
        var sink = new FakeSink
        {
            On = async (step, _) =>
            {
                if (step != "write" || most != 0)
                    return;
                int made = -1;
                while (made != (made = source.Made)) // until the source stands still
                    await Task.Delay(50, CancellationToken.None);
                most = made;
            },
        };
        await RunAsync(source, sink, Small, CancellationToken.None);
        Assert.InRange(most, 1, (int)(Small.GateBytes / (3 * Mebibyte)) + 1);
    }

    [Fact]
    public async Task Run_BatchAboveTheBound_Passes()
    {
        var source = new FakeSource(3, 1) { Make = (i, last) => TestBatches.MakeWide(i + 1, (int)Small.GateBytes + Mebibyte, last) };
        RunReport report = await RunAsync(source, new FakeSink(), Small, CancellationToken.None, new FakeStage(TestBatches.Rebuild));
        Assert.Equal(3, report.Result.RowsLanded);
        Assert.True(report.PeakBytes > Small.GateBytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(13)]
    public async Task Run_SinkGathersTheCommitBytes_NeverWaitsForEver(int mebibytes)
    {
        var source = new FakeSource(120 / mebibytes, 1) { Make = (i, last) => TestBatches.MakeWide(i + 1, mebibytes * Mebibyte, last) };
        var stages = new[] { new FakeStage(TestBatches.Rebuild), new FakeStage(TestBatches.Rebuild) };
        RunReport report = await RunAsync(source, new FakeSink(Small.CommitBytes), Small, CancellationToken.None, stages);
        Assert.Equal(120 / mebibytes, report.Result.RowsLanded);
    }

    [Theory]
    [InlineData(128L << 20)]
    [InlineData(512L << 20)]
    [InlineData(1L << 40)]
    public void Options_AnyMemory_GateIsAboveWhatASinkGathers(long memory)
    {
        var options = new RunOptions { Memory = memory };
        Assert.True(options.GateBytes >= options.CommitBytes + options.BatchBytes);
        Assert.True(options.GateBytes + options.DuckDbBytes <= memory);
    }

    [Fact]
    public async Task Gate_RandomBatches_StaysBelowTheBoundAndOneBatch()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            long bound = random.Next(1, 40_000), largest = 0;
            var gate = new ByteGate(bound, bound);
            var queue = new Queue<Batch>();
            for (int i = 0; i < 100; i++)
            {
                Task wait = gate.WaitAsync(CancellationToken.None).AsTask();
                while (!wait.IsCompleted && queue.TryDequeue(out Batch? oldest))
                {
                    oldest.Dispose();
                    oldest.Dispose(); // counts once
                    if (queue.Sum(b => b.Bytes) < bound)
                        await wait.WaitAsync(Watchdog);
                }

                await wait.WaitAsync(Watchdog);
                Batch batch = TestBatches.Make(1, random.Next(0, 500));
                largest = Math.Max(largest, batch.Bytes);
                gate.Enter(batch);
                queue.Enqueue(batch);
            }

            Assert.True(gate.Peak <= bound + largest, $"seed {seed}: bound {bound}, batches to {largest}, peak {gate.Peak}");
            gate.DisposeAll();
            Assert.All(queue, b => Assert.Throws<ObjectDisposedException>(() => b.Events));
        }
    }

    [Fact]
    public async Task Gate_Waiter_WakesAtTheLastByteOrByItsToken()
    {
        using Batch batch = TestBatches.Make(1, 100);
        var gate = new ByteGate(batch.Bytes, batch.Bytes);
        gate.Enter(batch);
        using var token = new CancellationTokenSource();
        Task cancelled = gate.WaitAsync(token.Token).AsTask(), woken = gate.WaitAsync(CancellationToken.None).AsTask();
        Assert.False(cancelled.IsCompleted || woken.IsCompleted);
        await token.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Watchdog));
        Assert.False(woken.IsCompleted);
        batch.Dispose();
        await woken.WaitAsync(Watchdog);
    }
}
