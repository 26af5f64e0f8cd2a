using Weir.Engine.Buffers;
using static Weir.Engine.Tests.Dataflow.PipelineRun;

namespace Weir.Engine.Tests.Dataflow;

/// <summary>A run can be ended at any point: it answers, and leaves nothing alive.</summary>
[Collection(NativeMemory.Name)]
public sealed class CancellationTests
{
    private const int Points = 300;

    [Fact]
    public async Task Cancel_AtRandomPoints_ExitsWithoutALeak()
    {
        int cancelled = 0;
        for (int seed = 0; seed < Points; seed++)
        {
            using var user = new CancellationTokenSource();
            var steps = new Steps(seed, user.Cancel);
            var sink = steps.Sink();
            try
            {
                RunReport report = await RunAsync(steps.Source(), sink, steps.Options, user.Token, steps.Stages());
                Assert.True(sink.Completed && report.Balances, $"seed {seed}");
            }
            catch (OperationCanceledException e)
            {
                Assert.True(e.CancellationToken == user.Token, $"seed {seed}: not the caller's token");
                cancelled++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
            }
        }

        Assert.InRange(cancelled, Points / 2, Points);
    }

    [Fact]
    public async Task Failure_AtRandomPoints_ExitsWithoutALeak()
    {
        int failed = 0;
        for (int seed = 0; seed < Points; seed++)
        {
            var steps = new Steps(seed, () => throw new IOException("injected"));
            var sink = steps.Sink();
            try
            {
                await RunAsync(steps.Source(), sink, steps.Options, CancellationToken.None, steps.Stages());
                Assert.True(sink.Completed, $"seed {seed}");
            }
            catch (PipelineException e)
            {
                Assert.True(e.InnerException is IOException, $"seed {seed}: {e}");
                failed++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
            }
        }

        Assert.InRange(failed, Points / 2, Points);
    }

    [Fact]
    public async Task Cancel_BeforeTheRun_IsCancelled()
    {
        var token = new CancellationToken(true);
        var sink = new FakeSink();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(new FakeSource(3), sink, RunOptions.Default, token));
        Assert.False(sink.Completed);
    }

    // Cancelling behind Complete is a known deadlock of Dataflow: here the last batch is on its way when the token goes.
    [Fact]
    public async Task Cancel_BehindTheLastBatch_IsCancelled()
    {
        using var user = new CancellationTokenSource();
        var source = new FakeSource(30) { On = async (step, _) => await (step == "end" ? user.CancelAsync() : Task.CompletedTask) };
        var sink = new FakeSink { On = async (_, _) => await Task.Yield() };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(source, sink, new RunOptions { Threads = 2 }, user.Token, new FakeStage(TestBatches.Rebuild)));
        Assert.False(sink.Completed);
    }

    [Fact]
    public async Task Cancel_WhileTheSinkCompletes_ItsAnswerCounts()
    {
        using var user = new CancellationTokenSource();
        var sink = new FakeSink { On = async (step, _) => await (step == "complete" ? user.CancelAsync() : Task.CompletedTask) };
        RunReport report = await RunAsync(new FakeSource(3), sink, RunOptions.Default, user.Token);
        Assert.True(report.Balances); // it is committed: to say otherwise would be wrong
    }

    [Fact]
    public async Task Cancel_SinkFailsInConsequence_IsCancelled()
    {
        using var user = new CancellationTokenSource();
        var sink = new FakeSink
        {
            On = async (step, _) =>
            {
                if (step != "write")
                    return;
                await user.CancelAsync();
                throw new IOException("INTERRUPT Error: Interrupted!"); // how a database answers
            },
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(new FakeSource(3), sink, RunOptions.Default, user.Token));
    }

    // The sink may be reading native memory: disposed at once, it would free the rows under a statement that still runs.
    [Fact]
    public async Task Cancel_SinkDoesNotAnswer_ReturnsAndDisposesOnceItDoes()
    {
        long rented = NativePool.Rented;
        using var user = new CancellationTokenSource();
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var source = new FakeSource(int.MaxValue)
        {
            On = (step, _) =>
            {
                if (step == "dispose")
                    disposed.SetResult();
                return ValueTask.CompletedTask;
            },
        };
        var sink = new FakeSink
        {
            On = async (step, _) =>
            {
                if (step != "write")
                    return;
                await user.CancelAsync();
                await answer.Task;
            },
        };
        Task run = Pipeline.From(source).Then(new FakeStage(TestBatches.Rebuild)).To(sink).RunAsync(RunOptions.Default, user.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Watchdog));
        Assert.Equal((0, 0), (sink.Disposed, source.Disposed));
        answer.SetResult();
        await disposed.Task.WaitAsync(Watchdog);
        Assert.Equal((1, 1), (sink.Disposed, source.Disposed));
        Assert.False(sink.DisposedWhileWriting);
        Assert.True(SpinWait.SpinUntil(() => NativePool.Rented == rented, Watchdog), $"{NativePool.Rented - rented} blocks leaked");
    }

    /// <summary>A run with random sizes and delays in which something happens at a random step of a random node.</summary>
    private sealed class Steps
    {
        private readonly Random random;
        private readonly Action act;
        private readonly int batches;
        private readonly int at;
        private readonly int stages;
        private int step;

        public Steps(int seed, Action act)
        {
            random = new Random(seed);
            this.act = act;
            batches = random.Next(1, 40);
            stages = random.Next(0, 4);
            at = random.Next(1, 6 + batches * (2 + stages));
            Options = new RunOptions { Threads = random.Next(1, 9) };
        }

        public RunOptions Options { get; }

        public FakeSource Source() => new(batches, random.Next(0, 20)) { On = PassAsync };

        public FakeSink Sink() => new(random.Next(0, 20_000)) { On = PassAsync };

        public IStage[] Stages() => [.. Enumerable.Range(0, stages).Select(i => new FakeStage(
            batch =>
            {
                Pass();
                return TestBatches.Rebuild(batch);
            },
            $"stage-{i}"))];

        private async ValueTask PassAsync(string name, CancellationToken cancellationToken)
        {
            int now = Pass();
            if (now % 3 == 0)
                await Task.Yield();
            if (now % 5 == 0)
                cancellationToken.ThrowIfCancellationRequested();
        }

        private int Pass()
        {
            int now = Interlocked.Increment(ref step);
            if (now == at)
                act();
            Thread.SpinWait(now * 7_919 % 2_000);
            return now;
        }
    }
}
