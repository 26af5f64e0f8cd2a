namespace Weir.Engine;

/// <summary>Where batches end. Disposed without <see cref="CompleteAsync"/>, what was not committed is rolled back.</summary>
public interface ISink : IAsyncDisposable
{
    /// <summary>Name in reports and errors, kebab-case.</summary>
    string Name { get; }

    /// <summary>Registers the source and says where to begin.</summary>
    ValueTask<SinkOpening> OpenAsync(SourceInfo source, RunOptions options, CancellationToken cancellationToken);

    /// <summary>Takes every table of one batch.</summary>
    /// <remarks>Called one batch at a time, in source order. The sink owns <paramref name="batch"/> from here on and
    /// disposes it once it is stored. Let exceptions escape; the runner adds node and row.</remarks>
    ValueTask WriteAsync(Batch batch, CancellationToken cancellationToken);

    /// <summary>Stores what is left and closes the source.</summary>
    ValueTask<CommitResult> CompleteAsync(CancellationToken cancellationToken);
}

/// <summary>How a sink receives a source.</summary>
/// <param name="Resume">Where to begin; null: from the start.</param>
/// <param name="AlreadyLanded">What the sink holds of exactly this source already; nothing is read then. Null: it is new or unfinished.</param>
public sealed record SinkOpening(ResumePoint? Resume, CommitResult? AlreadyLanded = null);

/// <summary>What stands in the sink once a source is closed: totals over all runs that read it.</summary>
/// <param name="SourceId">The sink's number for the source.</param>
/// <param name="RowsRead">Rows landed and rejected.</param>
/// <param name="RowsLanded">Rows in the table.</param>
/// <param name="RowsRejected">Rows without structure, kept as rejects.</param>
/// <param name="State"><c>complete</c>, or <c>incomplete</c> where the source itself says that something is missing.</param>
/// <param name="Notes">Lines a reader of the summary should see: what was not typed, what is missing.</param>
public sealed record CommitResult(long SourceId, long RowsRead, long RowsLanded, long RowsRejected, string State, IReadOnlyList<string> Notes);
