using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Dataflow;

namespace Weir.Engine;

/// <summary>A straight line from one source through stages to one sink.</summary>
/// <remarks>
/// Every stage is a <see cref="TransformBlock{TInput,TOutput}"/>, the sink an <see cref="ActionBlock{TInput}"/>: order is kept
/// with any number of workers. Dataflow drops an item whose delegate is cancelled and forwards faults only downstream, so here
/// no delegate ever throws: the first failure is recorded, stops the source, and what is still under way runs out of the blocks unprocessed.
/// </remarks>
public sealed class Pipeline
{
    /// <summary>Longest wait for a node that does not answer a cancellation.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(4);

    /// <summary>Name of the source in reports and errors.</summary>
    private const string SourceNode = "source";

    private readonly ISource source;
    private readonly IStage[] stages;
    private readonly ISink? sink;

    private Pipeline(ISource source, IStage[] stages, ISink? sink)
    {
        this.source = source;
        this.stages = stages;
        this.sink = sink;
    }

    /// <summary>Begins a pipeline. It owns the source: <see cref="RunAsync"/> disposes it.</summary>
    public static Pipeline From(ISource source) => new(source, [], null);

    /// <summary>Adds a stage.</summary>
    public Pipeline Then(IStage stage) => new(source, [.. stages, stage], sink);

    /// <summary>Ends the pipeline. It owns the sink: <see cref="RunAsync"/> disposes it, which rolls back what was not committed.</summary>
    public Pipeline To(ISink sink) => new(source, stages, sink);

    /// <summary>Runs to the end of the source.</summary>
    /// <remarks>
    /// Whatever ends a run first, a failure or the token, decides its outcome; what fails after it follows from it. Source and sink are disposed
    /// before this returns, unless a node does not answer a cancellation: then once it does, as it may still read what they hold.
    /// </remarks>
    /// <exception cref="WeirException">The source or the sink refused what was asked for.</exception>
    /// <exception cref="PipelineException">Anything else that failed first, with node and place. What was committed stays.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; within 5 seconds.</exception>
    public async Task<RunReport> RunAsync(RunOptions options, CancellationToken cancellationToken)
    {
        if (sink is null)
            throw new InvalidOperationException("The pipeline has no sink: call To(sink) before RunAsync.");
        var run = new Run(this, sink, options, cancellationToken);
        RunReport report = await run.ToEndAsync();
        return report.Balances
            ? report
            : throw new PipelineException(
                sink.Name, report.Source.Uri, null, new InvalidDataException($"{report} ({report.RowsBefore} before, {report.RowsRead} in this run) does not balance"));
    }

    /// <summary>One run: its blocks, its first failure, its counters.</summary>
    private sealed class Run
    {
        private readonly long start = Stopwatch.GetTimestamp();
        private readonly Pipeline pipeline;
        private readonly ISink sink;
        private readonly RunOptions options;
        private readonly CancellationToken user;
        private readonly CancellationTokenSource stop;
        private readonly ByteGate gate;
        private readonly NodeMeter[] meters;
        private readonly Dictionary<string, long> remarks = [];
        private SourceInfo? info;
        private ResumePoint? resume;
        private Exception? failure;
        private SourceEnd? end;
        private long nextRow;

        public Run(Pipeline pipeline, ISink sink, RunOptions options, CancellationToken user)
        {
            (this.pipeline, this.sink, this.options, this.user) = (pipeline, sink, options, user);
            stop = CancellationTokenSource.CreateLinkedTokenSource(user);
            gate = new ByteGate(options.GateBytesFor(0), options.CommitBytesFor(0));
            meters = [new NodeMeter(SourceNode), .. pipeline.stages.Select(s => new NodeMeter(s.Name)), new NodeMeter(sink.Name)];
        }

        private long RowsBefore => resume?.RowsRead ?? 0;

        public async Task<RunReport> ToEndAsync()
        {
            var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using CancellationTokenRegistration registration = stop.Token.Register(stopped.SetResult);
            Task<RunReport?> work = Task.Run(
                async () =>
                {
                    RunReport? done = await WorkAsync();
                    await CloseAsync(done is not null);
                    return done;
                },
                CancellationToken.None);

            // Once it is told to stop, no longer than the grace time: what does not answer goes on alone, and closes when it does.
            if (await Task.WhenAny(work, stopped.Task) != work)
                await Task.WhenAny(work, Task.Delay(Grace, CancellationToken.None));
            if (work.IsCompleted && await work is { } report && failure is null)
                return report;
            if (failure is not null)
                ExceptionDispatchInfo.Throw(failure);
            throw new OperationCanceledException(user);
        }

        /// <summary>Opens, reads and completes; null where a failure or the token ended it before.</summary>
        private async Task<RunReport?> WorkAsync()
        {
            string node = SourceNode;
            try
            {
                info = await pipeline.source.OpenAsync(stop.Token);
                node = sink.Name;
                gate.Set(options.GateBytesFor(info.Columns.Count), options.CommitBytesFor(info.Columns.Count));
                SinkOpening opening = await sink.OpenAsync(info, options, stop.Token);
                if (opening.AlreadyLanded is { } landed)
                    return new RunReport { Source = info, Result = landed, AlreadyLanded = true, RowsBefore = landed.RowsRead, Elapsed = Stopwatch.GetElapsedTime(start) };
                resume = opening.Resume;
                nextRow = RowsBefore + 1;
                await FlowAsync();
                if (stop.IsCancellationRequested)
                    return null;
                node = SourceNode;
                if (end is null)
                    throw new InvalidDataException("The source ended without saying so: its last batch has no End.");
                node = sink.Name;
                return Report(info, await sink.CompleteAsync(stop.Token));
            }
            catch (Exception cause)
            {
                Fail(node, null, cause);
                return null;
            }
        }

        private async Task FlowAsync()
        {
            var last = new ActionBlock<Batch?>(WriteAsync, new ExecutionDataflowBlockOptions { BoundedCapacity = 64, MaxDegreeOfParallelism = 1, EnsureOrdered = true });
            ITargetBlock<Batch?> first = last;
            var waiting = new Func<int>[meters.Length];
            waiting[^1] = () => last.InputCount;
            for (int i = pipeline.stages.Length - 1; i >= 0; i--)
            {
                IStage stage = pipeline.stages[i];
                NodeMeter meter = meters[i + 1];
                var block = new TransformBlock<Batch?, Batch?>(
                    batch => Process(stage, meter, batch),
                    new ExecutionDataflowBlockOptions { BoundedCapacity = 2 * options.Threads, MaxDegreeOfParallelism = options.Threads, EnsureOrdered = true });
                waiting[i + 1] = () => block.InputCount;
                block.LinkTo(first, new DataflowLinkOptions { PropagateCompletion = true });
                first = block;
            }

            await ProduceAsync(first, waiting);
            first.Complete();
            await last.Completion;
        }

        private RunReport Report(SourceInfo source, CommitResult result) => new()
        {
            Source = source,
            Result = result,
            RowsBefore = RowsBefore,
            RowsRead = nextRow - 1 - RowsBefore,
            Remarks = remarks,
            End = end,
            Elapsed = Stopwatch.GetElapsedTime(start),
            PeakBytes = gate.Peak,
            Nodes = [.. meters.Select(m => m.Report())],
        };

        /// <summary>Disposes sink and source, and after a failure every batch, in this order: the sink may hold batches until it is disposed.</summary>
        private async Task CloseAsync(bool completed)
        {
            foreach ((string node, IAsyncDisposable owned) in new (string, IAsyncDisposable)[] { (sink.Name, sink), (SourceNode, pipeline.source) })
            {
                try
                {
                    await owned.DisposeAsync();
                }
                catch (Exception cause)
                {
                    Fail(node, null, cause);
                }
            }

            if (!completed)
                gate.DisposeAll(); // of a completed source, a sink may keep batches for a commit that several sources share
            stop.Dispose();
        }

        private async Task ProduceAsync(ITargetBlock<Batch?> first, Func<int>[] waiting)
        {
            Origin? at = null;
            try
            {
                await using ConfiguredCancelableAsyncEnumerable<Batch>.Enumerator batches =
                    pipeline.source.ReadAsync(resume, options, stop.Token).WithCancellation(stop.Token).ConfigureAwait(false).GetAsyncEnumerator();
                while (true)
                {
                    await gate.WaitAsync(stop.Token);
                    long since = Stopwatch.GetTimestamp();
                    if (!await batches.MoveNextAsync())
                        break;
                    meters[0].Worked(since);
                    Batch batch = batches.Current;
                    at = batch.Origin;
                    gate.Enter(batch);
                    meters[0].Left(batch);
                    for (int i = 1; i < meters.Length; i++)
                        meters[i].Queued(waiting[i]());
                    options.Progress?.Invoke(new RunProgress(at.Next.RowsRead, at.Next.ByteOffset));
                    if (!await first.SendAsync(batch, stop.Token))
                        throw new InvalidOperationException("A node no longer takes batches.");
                }
            }
            catch (Exception cause)
            {
                Fail(SourceNode, at, cause);
            }
        }

        private Batch? Process(IStage stage, NodeMeter meter, Batch? batch)
        {
            if (batch is null || stop.IsCancellationRequested)
                return Drop(batch);
            Origin at = batch.Origin;
            try
            {
                long since = Stopwatch.GetTimestamp();
                int rows = batch.Rows;
                Batch made = stage.Process(batch);
                if (!ReferenceEquals(made, batch))
                {
                    gate.Enter(made);
                    batch.Dispose();
                }

                meter.Worked(since);
                meter.Left(made);
                return made.Rows == rows ? made : throw new InvalidDataException($"{rows} rows came in and {made.Rows} went out");
            }
            catch (Exception cause)
            {
                Fail(stage.Name, at, cause);
                return null;
            }
        }

        private async Task WriteAsync(Batch? batch)
        {
            if (batch is null || stop.IsCancellationRequested)
            {
                Drop(batch);
                return;
            }

            Origin at = batch.Origin;
            try
            {
                Admit(batch);
                long since = Stopwatch.GetTimestamp();
                meters[^1].Left(batch);
                await sink.WriteAsync(batch, stop.Token);
                meters[^1].Worked(since);
            }
            catch (Exception cause)
            {
                Fail(sink.Name, at, cause);
            }
        }

        /// <summary>Checks that the batch is the next one and that its rows are all there.</summary>
        private void Admit(Batch batch)
        {
            Origin at = batch.Origin;
            long rejected = 0, previous = 0;
            foreach (Reject reject in batch.Rejects)
            {
                // A long row is rejected in pieces, which may come in several batches: it counts in the one that ends it.
                rejected += reject.RowId != previous && reject.RowId <= at.Next.RowsRead ? 1 : 0;
                previous = reject.RowId;
            }

            if (end is not null)
                throw new InvalidDataException($"rows {at.FirstRow} to {at.Next.RowsRead} came behind the batch that ended the source");
            if (at.FirstRow != nextRow || at.Rows != batch.Rows + rejected || at.Next.RowsRead != nextRow - 1 + at.Rows)
                throw new InvalidDataException(
                    $"expected row {nextRow} next and found rows {at.FirstRow} to {at.Next.RowsRead}: {at.Rows} read, {batch.Rows} to land, {rejected} rejected");
            nextRow += at.Rows;
            end = batch.End ?? end;
            foreach (Remark remark in batch.Remarks)
                remarks[remark.Code] = remarks.GetValueOrDefault(remark.Code) + 1;
        }

        /// <summary>Records the first failure and stops the source. Nothing is thrown inside a block.</summary>
        private void Fail(string node, Origin? at, Exception cause)
        {
            // A timeout is a failure, not a cancellation: only what follows from our own stop is passed over.
            if (stop.IsCancellationRequested)
                return;
            Exception first = cause is WeirException ? cause : new PipelineException(node, info?.Uri ?? pipeline.source.GetType().Name, at, cause);
            if (Interlocked.CompareExchange(ref failure, first, null) is not null)
                return;
            try
            {
                stop.Cancel();
            }
            catch (AggregateException)
            {
                // From what a node registered on its token: it follows from the first failure.
            }
        }

        private static Batch? Drop(Batch? batch)
        {
            batch?.Dispose();
            return null;
        }
    }
}
