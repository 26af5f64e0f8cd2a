namespace Weir.Engine.Store;

/// <summary>A dataset of the case.</summary>
/// <param name="Name">Table in schema main.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns, lineage and companions included.</param>
/// <param name="FirstTime">Earliest value of the column named in <paramref name="TimeColumn"/>, microseconds UTC; null where there is none.</param>
/// <param name="LastTime">Latest value.</param>
/// <param name="TimeColumn">The time column the span is read from: <c>_time</c>, else the TIMESTAMPTZ column with the most values; null where there is none.</param>
/// <param name="Sources">Sources that landed in it.</param>
/// <param name="Rejects">Rejected rows of these sources.</param>
/// <param name="Remarks">Remarks of these sources.</param>
internal sealed record TableSummary(
    string Name, long Rows, int Columns, DateTime? FirstTime, DateTime? LastTime, string? TimeColumn, int Sources, long Rejects, long Remarks);

/// <summary>What a recount of one source found.</summary>
/// <param name="SourceId">The source.</param>
/// <param name="Uri">Its place.</param>
/// <param name="Table">Its table.</param>
/// <param name="Rows">Rows landed, recounted.</param>
/// <param name="Faults">What does not agree with the ledger, in words; empty: everything agrees.</param>
internal sealed record SourceVerification(int SourceId, string Uri, string Table, long Rows, IReadOnlyList<string> Faults);

/// <summary>A source that is not whole.</summary>
internal sealed record OpenSource(int SourceId, string Uri, string Table, string State, long RowsLanded, string? Missing);

/// <summary>One landed row, or the stretch that was rejected in its place.</summary>
/// <param name="SourceId">The source.</param>
/// <param name="RowId">1-based data row.</param>
/// <param name="Uri">Path of the source.</param>
/// <param name="Table">Its table.</param>
/// <param name="Connector">What read it.</param>
/// <param name="Options">Reading options, JSON.</param>
/// <param name="Cells">Column and type in table order, lineage apart; empty for a rejected row.</param>
/// <param name="Remarks">Column (null: the row), code, detail, raw bytes.</param>
/// <param name="Rejects">Code, detail, raw bytes of the rejected stretch, piece by piece.</param>
/// <param name="Reading">What stands behind FROM to read its cells.</param>
/// <param name="Interval">The commit interval that holds the row: first row, byte offset, line; null where the index has none.</param>
/// <param name="Fingerprint">Mark of the source's size and ends; null where it has none.</param>
/// <param name="Sha256">Hash of all its bytes; null while it is interrupted.</param>
internal sealed record LandedRow(
    int SourceId, long RowId, string Uri, string Table, string Connector, string Options, string Reading, IReadOnlyList<LandedCell> Cells,
    IReadOnlyList<RowRemark> Remarks, IReadOnlyList<RowReject> Rejects, ResumePoint? Interval, string? Fingerprint, string? Sha256);

internal sealed record LandedCell(string Column, string Type);

internal sealed record RowRemark(string? Column, string Code, string Detail, byte[]? Raw);

internal sealed record RowReject(string Code, string Detail, byte[] Raw);
