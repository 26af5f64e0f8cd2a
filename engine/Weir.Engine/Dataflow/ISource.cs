namespace Weir.Engine;

/// <summary>A place rows come from: a file, a search.</summary>
public interface ISource : IAsyncDisposable
{
    /// <summary>Looks at the source without reading its rows.</summary>
    /// <exception cref="WeirException">It is missing, unreadable or not of the kind this source reads.</exception>
    ValueTask<SourceInfo> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Reads the rows in order, from the start or from a point that an earlier batch named as its next.</summary>
    /// <remarks>
    /// Text formats give text columns only. Cutting the input into batches differently gives the same rows, remarks and rejects.
    /// The last batch carries <see cref="Batch.End"/>; it may have no rows. The consumer owns each batch.
    /// </remarks>
    /// <exception cref="WeirException">The part before <paramref name="from"/> is no longer what it was.</exception>
    IAsyncEnumerable<Batch> ReadAsync(ResumePoint? from, RunOptions options, CancellationToken cancellationToken);
}
