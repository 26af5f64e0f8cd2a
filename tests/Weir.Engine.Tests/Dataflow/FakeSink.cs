using Apache.Arrow;

namespace Weir.Engine.Tests.Dataflow;

/// <summary>Gathers batches up to a size, then "commits": notes their rows and disposes them.</summary>
internal sealed class FakeSink(long gatherBytes = 0) : ISink
{
    private readonly List<Batch> gathered = [];
    private long bytes;
    private int writing;

    /// <summary>Runs before each step: <c>open</c>, <c>write</c>, <c>complete</c>, <c>dispose</c>.</summary>
    public Func<string, CancellationToken, ValueTask>? On { get; init; }

    public ResumePoint? Resume { get; init; }

    public CommitResult? Landed { get; init; }

    /// <summary>Rows that the result claims over those that came.</summary>
    public long Invented { get; init; }

    public string Name => "fake-sink";

    /// <summary>Numbers of the rows in the order they came.</summary>
    public List<long> Rows { get; } = [];

    public int Batches { get; private set; }

    public long Rejected { get; private set; }

    public int Disposed { get; private set; }

    public bool Completed { get; private set; }

    public bool DisposedWhileWriting { get; private set; }

    public async ValueTask<SinkOpening> OpenAsync(SourceInfo source, RunOptions options, CancellationToken cancellationToken)
    {
        await Pass("open", cancellationToken);
        return new SinkOpening(Resume, Landed);
    }

    public async ValueTask WriteAsync(Batch batch, CancellationToken cancellationToken)
    {
        Assert.Equal(1, Interlocked.Increment(ref writing));
        gathered.Add(batch);
        bytes += batch.Bytes;
        Batches++;
        try
        {
            await Pass("write", cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref writing);
        }

        Rejected += batch.Rejects.Select(r => r.RowId).Distinct().Count();
        Rows.AddRange(((Int64Array)batch.Events.Column(0)).Values);
        if (bytes >= gatherBytes)
            Release();
    }

    public async ValueTask<CommitResult> CompleteAsync(CancellationToken cancellationToken)
    {
        await Pass("complete", cancellationToken);
        Release();
        Completed = true;
        long before = Resume?.RowsRead ?? 0;
        return new CommitResult { SourceId = 1, RowsRead = before + Rows.Count + Rejected + Invented, RowsLanded = before + Rows.Count + Invented, RowsRejected = Rejected };
    }

    public async ValueTask DisposeAsync()
    {
        Disposed++;
        DisposedWhileWriting |= Volatile.Read(ref writing) != 0;
        Release();
        await Pass("dispose", CancellationToken.None);
    }

    private void Release()
    {
        foreach (Batch batch in gathered)
            batch.Dispose();
        gathered.Clear();
        bytes = 0;
    }

    private ValueTask Pass(string step, CancellationToken cancellationToken) => On?.Invoke(step, cancellationToken) ?? ValueTask.CompletedTask;
}
