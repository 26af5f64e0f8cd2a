using Weir.Engine.Buffers;

namespace Weir.Engine.Tests.Dataflow;

/// <summary>One run under a watchdog, with everything it must leave behind checked: nothing alive, both ends disposed once.</summary>
internal static class PipelineRun
{
    /// <summary>Not a bar for speed: a run that takes longer hangs.</summary>
    public static readonly TimeSpan Watchdog = TimeSpan.FromSeconds(30);

    public static Task<RunReport> RunAsync(FakeSource source, FakeSink sink, params IStage[] stages) => RunAsync(source, sink, new RunOptions { Threads = 4 }, CancellationToken.None, stages);

    public static async Task<RunReport> RunAsync(FakeSource source, FakeSink sink, RunOptions options, CancellationToken cancellationToken, params IStage[] stages)
    {
        long rented = NativePool.Rented;
        try
        {
            Pipeline pipeline = stages.Aggregate(Pipeline.From(source), (line, stage) => line.Then(stage)).To(sink);
            return await pipeline.RunAsync(options, cancellationToken).WaitAsync(Watchdog, CancellationToken.None);
        }
        catch (TimeoutException hang)
        {
            throw new InvalidOperationException($"The run hangs: {source.Made} batches made, {sink.Batches} written.", hang);
        }
        finally
        {
            Assert.Equal(1, source.Disposed);
            Assert.Equal(1, sink.Disposed);
            Assert.Equal(rented, NativePool.Rented);
        }
    }

    public static async Task<PipelineException> FailAsync(FakeSource source, FakeSink sink, params IStage[] stages) =>
        await Assert.ThrowsAsync<PipelineException>(() => RunAsync(source, sink, stages));
}
