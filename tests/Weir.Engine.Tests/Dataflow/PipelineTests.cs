using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Apache.Arrow;
using static Weir.Engine.Tests.Dataflow.PipelineRun;

namespace Weir.Engine.Tests.Dataflow;

/// <summary>What a run promises, and each trap of TPL Dataflow as it would show here.</summary>
[Collection(NativeMemory.Name)]
public sealed class PipelineTests
{
    private static FakeStage Shares => new(TestBatches.Rebuild, "shares");

    [Fact]
    public async Task Run_WholeSource_Balances()
    {
        var sink = new FakeSink();
        RunReport report = await RunAsync(new FakeSource(20), sink, Shares, Shares);
        Assert.True(report.Balances);
        Assert.Equal(200, report.RowsRead);
        Assert.Equal(200, report.Result.RowsLanded);
        Assert.Equal(0, report.RowsBefore);
        Assert.NotNull(report.End);
        Assert.Equal(["source", "shares", "shares", "fake-sink"], report.Nodes.Select(n => n.Name));
        Assert.All(report.Nodes, n => Assert.Equal((20, 200), (n.Batches, n.Rows)));
        Assert.True(report.PeakBytes > 0);
        Assert.True(sink.Completed);
    }

    [Fact]
    public async Task Run_EmptySource_Completes()
    {
        RunReport report = await RunAsync(new FakeSource(1, rows: 0), new FakeSink(), Shares);
        Assert.True(report.Balances);
        Assert.Equal(0, report.RowsRead);
    }

    [Fact]
    public async Task Run_Resumed_ReadsFromThePoint()
    {
        var point = new ResumePoint(70, 700, 72, "proof");
        var source = new FakeSource(3);
        var sink = new FakeSink { Resume = point };
        RunReport report = await RunAsync(source, sink, Shares);
        Assert.Same(point, source.From);
        Assert.Equal((70, 30, 100), (report.RowsBefore, report.RowsRead, report.Result.RowsRead));
        Assert.Equal(71, sink.Rows[0]);
    }

    [Fact]
    public async Task Run_AlreadyLanded_ReadsNothing()
    {
        var source = new FakeSource(3);
        var landed = new CommitResult { SourceId = 7, RowsRead = 9, RowsLanded = 8, RowsRejected = 1 };
        var sink = new FakeSink { Landed = landed };
        RunReport report = await RunAsync(source, sink, Shares);
        Assert.True(report.AlreadyLanded && report.Balances);
        Assert.Same(landed, report.Result);
        Assert.Equal(0, source.Made);
        Assert.False(sink.Completed);
    }

    [Fact]
    public async Task Run_RemarksAndRejects_AreCounted()
    {
        var source = new FakeSource(2)
        {
            Make = (i, last) =>
            {
                using Batch rows = TestBatches.Make(1 + i * 12, 10);
                long bad = 11 + i * 12;
                return new Batch(TestBatches.Place(1 + i * 12, 12), rows.ShareEvents())
                {
                    Remarks = [new Remark(1 + i * 12, 0, "odd", "", default), new Remark(2 + i * 12, -1, "odd", "", default)],
                    Rejects = [new Reject(bad, 1, 0, "torn", "", default), new Reject(bad, 1, 5, "torn", "", default), new Reject(bad + 1, 1, 9, "torn", "", default)],
                    End = last ? TestBatches.End : null,
                };
            },
        };
        RunReport report = await RunAsync(source, new FakeSink(), Shares);
        Assert.Equal((24, 20, 4), (report.Result.RowsRead, report.Result.RowsLanded, report.Result.RowsRejected));
        Assert.Equal(4, report.Remarks["odd"]);
        Assert.All(report.Nodes, n => Assert.Equal((4, 6), (n.Remarks, n.Rejects)));
    }

    [Fact]
    public async Task Run_SinkMiscounts_DoesNotBalance()
    {
        PipelineException failure = await FailAsync(new FakeSource(3), new FakeSink { Invented = 1 });
        Assert.Equal("fake-sink", failure.Node);
        Assert.Contains("does not balance", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoSink_IsRefused() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Pipeline.From(new FakeSource(1)).RunAsync(RunOptions.Default, CancellationToken.None));

    [Fact]
    public async Task Run_Meter_SeesRows()
    {
        var seen = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == "Weir" && instrument.Name == "weir.node.rows")
                    l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, rows, tags, _) => seen.AddOrUpdate((string)tags[0].Value!, rows, (_, sum) => sum + rows));
        listener.Start();
        await RunAsync(new FakeSource(5), new FakeSink(), new FakeStage(TestBatches.Rebuild, "metered"));
        Assert.Equal(50, seen["metered"]);
        Assert.Equal(50, seen["source"]);
        Assert.Equal(50, seen["fake-sink"]);
    }

    [Fact]
    public async Task Run_Progress_GrowsToTheEnd()
    {
        var told = new ConcurrentQueue<RunProgress>();
        await RunAsync(new FakeSource(5), new FakeSink(), new RunOptions { Progress = told.Enqueue }, CancellationToken.None);
        Assert.Equal([10, 20, 30, 40, 50], told.Select(p => p.Rows));
        Assert.Equal(500, told.Last().Bytes);
    }

    // Row 1 of the table: Dataflow drops an item whose delegate throws OperationCanceledException, and completes.
    [Theory]
    [InlineData("source")]
    [InlineData("stage")]
    [InlineData("sink")]
    public async Task Run_TimeoutOfANode_FailsThere(string place)
    {
        static void Time() => throw new TaskCanceledException("The request timed out.");
        static void Cancel() => throw new OperationCanceledException("Not our token.", new CancellationToken(true));
        foreach (Action fault in new[] { Time, Cancel })
        {
            int reads = 0;
            var source = new FakeSource(10)
            {
                On = (step, _) =>
                {
                    if (place == "source" && step == "read" && ++reads == 5)
                        fault();
                    return ValueTask.CompletedTask;
                },
            };
            var stage = new FakeStage(batch =>
            {
                if (place == "stage" && batch.Origin.FirstRow == 41)
                    fault();
                return TestBatches.Rebuild(batch);
            });
            FakeSink sink = null!;
            sink = new FakeSink
            {
                On = (step, _) =>
                {
                    if (place == "sink" && step == "write" && sink.Batches == 5)
                        fault();
                    return ValueTask.CompletedTask;
                },
            };
            PipelineException failure = await FailAsync(source, sink, stage);
            Assert.Equal(place == "source" ? place : "fake-" + place, failure.Node);
            Assert.Equal(place == "source" ? 31 : 41, failure.At!.FirstRow); // the source failed behind the batch of row 31
            Assert.IsAssignableFrom<OperationCanceledException>(failure.InnerException);
            Assert.Equal(Enumerable.Range(1, sink.Rows.Count).Select(i => (long)i), sink.Rows);
            Assert.False(sink.Completed);
        }
    }

    // Row 2: a fault travels downstream only, and the producer waits for ever in front of a full block.
    [Fact]
    public async Task Run_SinkFaults_StopsAnEndlessSource()
    {
        FakeSink sink = null!;
        sink = new FakeSink { On = (step, _) => step == "write" && sink.Batches == 3 ? throw new IOException("disk full") : ValueTask.CompletedTask };
        PipelineException failure = await FailAsync(new FakeSource(int.MaxValue, rows: 1), sink, Shares, Shares, Shares);
        Assert.Equal(("fake-sink", 3), (failure.Node, failure.At!.FirstRow));
        Assert.Contains("disk full", failure.Message, StringComparison.Ordinal);
        Assert.Contains("at row 3 (line 4, byte 20)", failure.Message, StringComparison.Ordinal);
    }

    // Rows 3 to 5: a slow bounded target, Post to a full block, a link that declines.
    [Fact]
    public async Task Run_SlowSink_SeesEveryBatchOnce()
    {
        var sink = new FakeSink { On = async (_, _) => await Task.Yield() };
        await RunAsync(new FakeSource(2_000, rows: 1), sink, new RunOptions { Threads = 1 }, CancellationToken.None, Shares);
        Assert.Equal(Enumerable.Range(1, 2_000).Select(i => (long)i), sink.Rows);
    }

    // Row 6: TransformManyBlock emits past its bound. One batch in, one out: the source is never further ahead than the blocks hold.
    [Fact]
    public async Task Run_SlowSink_HoldsTheSourceBack()
    {
        const int threads = 2, stages = 2;
        int ahead = 0;
        FakeSink sink = null!;
        var source = new FakeSource(600, rows: 1);
        sink = new FakeSink
        {
            On = async (_, _) =>
            {
                ahead = Math.Max(ahead, source.Made - sink.Batches);
                await Task.Yield();
            },
        };
        await RunAsync(source, sink, new RunOptions { Threads = threads }, CancellationToken.None, Shares, Shares);
        Assert.InRange(ahead, 1, 64 + stages * 2 * threads + 2); // the sink's queue, each stage's, one at the source, one at the sink
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16)]
    public async Task Run_WorkersWithRandomDelays_KeepOrder(int threads)
    {
        FakeStage Dawdle(int seed) => new(batch =>
        {
            Thread.SpinWait(new Random(seed ^ (int)batch.Origin.FirstRow).Next(20_000));
            return TestBatches.Rebuild(batch);
        });
        var sink = new FakeSink();
        await RunAsync(new FakeSource(300, rows: 2), sink, new RunOptions { Threads = threads }, CancellationToken.None, Dawdle(1), Dawdle(2), Dawdle(3));
        Assert.Equal(Enumerable.Range(1, 600).Select(i => (long)i), sink.Rows);
    }

    [Fact]
    public async Task Run_StageReturnsItsInput_Lands()
    {
        RunReport report = await RunAsync(new FakeSource(20), new FakeSink(), new FakeStage(batch => batch));
        Assert.Equal(200, report.Result.RowsLanded);
    }

    [Fact]
    public async Task Run_StageDropsARow_FailsThere()
    {
        PipelineException failure = await FailAsync(new FakeSource(5), new FakeSink(), Shares, new FakeStage(batch =>
        {
            RecordBatch events = batch.Events.SliceShared(0, batch.Rows - (batch.Origin.FirstRow == 21 ? 1 : 0));
            return new Batch(batch.Origin, events) { End = batch.End };
        }, "drops"));
        Assert.Equal(("drops", 21), (failure.Node, failure.At!.FirstRow));
        Assert.Contains("10 rows came in and 9 went out", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_StageReturnsNull_FailsThere()
    {
        PipelineException failure = await FailAsync(new FakeSource(5), new FakeSink(), new FakeStage(_ => null!, "void"));
        Assert.Equal("void", failure.Node);
    }

    [Theory]
    [InlineData(20)] // repeats row 20
    [InlineData(22)] // skips row 21
    public async Task Run_SourceRepeatsOrSkipsARow_Fails(int third)
    {
        var source = new FakeSource(5) { Make = (i, last) => TestBatches.Make(i < 2 ? 1 + i * 10 : third + (i - 2) * 10, 10, last) };
        var sink = new FakeSink();
        PipelineException failure = await FailAsync(source, sink, Shares);
        Assert.Equal(third, failure.At!.FirstRow);
        Assert.Contains("expected row 21 next", failure.Message, StringComparison.Ordinal);
        Assert.Equal(20, sink.Rows.Count);
    }

    [Fact]
    public async Task Run_SourceForgetsEnd_FailsThere()
    {
        var sink = new FakeSink();
        PipelineException failure = await FailAsync(new FakeSource(3) { CarriesEnd = false }, sink, Shares);
        Assert.Equal("source", failure.Node);
        Assert.False(sink.Completed);
    }

    [Fact]
    public async Task Run_BatchBehindTheEnd_Fails()
    {
        var sink = new FakeSink();
        PipelineException failure = await FailAsync(new FakeSource(3) { Make = (i, _) => TestBatches.Make(1 + i * 10, 10, i >= 1) }, sink, Shares);
        Assert.Equal(21, failure.At!.FirstRow);
        Assert.False(sink.Completed);
    }

    [Fact]
    public async Task Run_EveryNodeFails_FirstWins()
    {
        CancellationToken stopped = default;
        var source = new FakeSource(int.MaxValue, rows: 1)
        {
            On = (step, token) =>
            {
                if (step == "read")
                    stopped = token;
                return step == "dispose" ? throw new IOException("last") : ValueTask.CompletedTask;
            },
        };
        var stage = new FakeStage(batch =>
        {
            if (batch.Origin.FirstRow == 2)
                throw new FormatException("first");
            Assert.True(stopped.WaitHandle.WaitOne(Watchdog));
            throw new InvalidOperationException("later");
        });
        var sink = new FakeSink { On = (step, _) => step == "dispose" ? throw new IOException("last") : ValueTask.CompletedTask };
        PipelineException failure = await FailAsync(source, sink, stage);
        Assert.Equal(("fake-stage", 2), (failure.Node, failure.At!.FirstRow));
        Assert.IsType<FormatException>(failure.InnerException);
    }

    [Fact]
    public async Task Run_NodeThrowsWhenStopped_FirstFailureStays()
    {
        var source = new FakeSource(int.MaxValue)
        {
            On = (step, token) =>
            {
                if (step == "open")
                    token.Register(() => throw new InvalidOperationException("from a registration"));
                return ValueTask.CompletedTask;
            },
        };
        PipelineException failure = await FailAsync(source, new FakeSink(), new FakeStage(_ => throw new FormatException("first")));
        Assert.IsType<FormatException>(failure.InnerException);
    }

    [Theory]
    [InlineData("open")]
    [InlineData("end")]
    [InlineData("dispose")]
    public async Task Run_SourceFailsAtAStep_NamesIt(string step)
    {
        PipelineException failure = await FailAsync(new FakeSource(3) { On = (at, _) => at == step ? throw new TaskCanceledException("slow") : ValueTask.CompletedTask }, new FakeSink(), Shares);
        Assert.Equal("source", failure.Node);
    }

    [Theory]
    [InlineData("open")]
    [InlineData("complete")]
    [InlineData("dispose")]
    public async Task Run_SinkFailsAtAStep_NamesIt(string step)
    {
        PipelineException failure = await FailAsync(new FakeSource(3), new FakeSink(long.MaxValue) { On = (at, _) => at == step ? throw new TaskCanceledException("slow") : ValueTask.CompletedTask }, Shares);
        Assert.Equal("fake-sink", failure.Node);
        Assert.Contains("fake.csv", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_RefusalOfANode_IsThrownAsItIs()
    {
        var refusal = new WeirException("x.csv", "it is a directory", "", "Name a file.");
        WeirException thrown = await Assert.ThrowsAsync<WeirException>(() => RunAsync(new FakeSource(3), new FakeSink(), new FakeStage(_ => throw refusal)));
        Assert.Same(refusal, thrown);
        Assert.Contains(nameof(Run_RefusalOfANode_IsThrownAsItIs), thrown.StackTrace, StringComparison.Ordinal); // the place it was thrown at first
    }
}
