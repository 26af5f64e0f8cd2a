using Weir.Engine;

namespace Weir.Perf.Components;

/// <summary>Takes batches and stores nothing.</summary>
internal sealed class DrainSink : ISink
{
    public string Name => "drain";

    public long Rows { get; private set; }

    /// <summary>Bytes of the cells as they were read.</summary>
    public long Size { get; private set; }

    public ValueTask<SinkOpening> OpenAsync(SourceInfo source, RunOptions options, CancellationToken cancellationToken) => ValueTask.FromResult(new SinkOpening(null));

    public ValueTask WriteAsync(Batch batch, CancellationToken cancellationToken)
    {
        using (batch)
        {
            Rows += batch.Rows;
            Size += WeirCsv.TextBytes(batch.Cells ?? batch.Events);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<CommitResult> CompleteAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(new CommitResult { SourceId = 1, RowsRead = Rows, RowsLanded = Rows, RowsRejected = 0 });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
