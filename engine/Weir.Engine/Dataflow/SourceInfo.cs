namespace Weir.Engine;

/// <summary>What a source knows of itself before its first row is read.</summary>
public sealed record SourceInfo
{
    /// <summary>Path or address, without credentials.</summary>
    public required string Uri { get; init; }

    /// <summary>Kind of connector: <c>csv</c>, …</summary>
    public required string Connector { get; init; }

    /// <summary>Size in bytes as stored; null where it is not known (standard input).</summary>
    public long? Bytes { get; init; }

    /// <summary>Cheap mark of the content (size and both ends), equal for equal bytes; null where it cannot be had.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Reading options as JSON: sources read with different options are different sources.</summary>
    public required string Options { get; init; }

    /// <summary>Original names of the columns in order; they exist even where no row follows.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Further columns may come while rows are read (JSON): batches then have these columns, and more behind them as they are found.</summary>
    public bool OpenColumns { get; init; }

    /// <summary>False where the source cannot be read again from the middle (standard input).</summary>
    public bool CanResume { get; init; } = true;

    /// <summary>The slice of a search that this source is: its rows land in one transaction or not at all. null: it is none.</summary>
    internal Store.SliceFacts? Slice { get; init; }

    /// <summary>SHA-256 of the source as stored, in lower-case hex, read at the call; null where that is not possible.</summary>
    public Func<CancellationToken, ValueTask<string>>? HashAsync { get; init; }
}

/// <summary>What a source knows of itself once it was read to its end.</summary>
/// <param name="Sha256">SHA-256 of all its bytes as stored, lower-case hex.</param>
/// <param name="Bytes">Bytes as stored.</param>
/// <param name="BlankLines">Lines without a byte between rows, which are no rows.</param>
/// <param name="Missing">What the source itself says is missing (a cut .gz); null where it is whole.</param>
public sealed record SourceEnd(string Sha256, long Bytes, long BlankLines, string? Missing);
