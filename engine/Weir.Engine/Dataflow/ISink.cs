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
public sealed record CommitResult
{
    /// <summary>The sink's number for the source.</summary>
    public required int SourceId { get; init; }

    /// <summary>Rows landed and rejected.</summary>
    public required long RowsRead { get; init; }

    /// <summary>Rows in the table.</summary>
    public required long RowsLanded { get; init; }

    /// <summary>Rows without structure, kept as rejects.</summary>
    public required long RowsRejected { get; init; }

    /// <summary>What the source itself says is missing; null where it is whole.</summary>
    public string? Missing { get; init; }

    /// <summary>Columns that stay text because nothing decides whether day or month comes first.</summary>
    public IReadOnlyList<string> UndecidedDates { get; init; } = [];

    /// <summary>Columns that stay text because their dates are in the other order than <see cref="Stages.TypingOptions.DateOrder"/> says.</summary>
    public IReadOnlyList<string> MisfitDates { get; init; } = [];

    /// <summary>Companion columns of this source with the number of values whose exact text they keep.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Companions { get; init; } = [];

    /// <summary>Child tables of an unnest with the values of this source in each: as many as its lists hold. Empty while the source waits for a shared commit.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Children { get; init; } = [];
}
