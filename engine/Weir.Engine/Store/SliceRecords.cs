namespace Weir.Engine.Store;

/// <summary>One run of an export: a search, the table it goes to, and the range that was asked for.</summary>
/// <param name="ExportId">Its number in the case; 0 before it is planned.</param>
/// <param name="Table">The table.</param>
/// <param name="Url">The server, without credentials.</param>
/// <param name="Search">What makes two exports the same search (server, name space, SPL), as JSON with its keys in order.</param>
/// <param name="Spl">The search.</param>
/// <param name="EarliestText">The range as it was asked for: <c>-24h@h</c>.</param>
/// <param name="LatestText">Its end.</param>
/// <param name="Earliest">The range it was resolved to, inclusive.</param>
/// <param name="Latest">Its end, exclusive.</param>
/// <param name="IndexLatest">Events that were indexed from here on are not part of it.</param>
/// <param name="Token">Part of the names of its jobs on the server: what another case started is not ours.</param>
internal sealed record ExportRecord(
    int ExportId, string Table, string Url, string Search, string Spl, string EarliestText, string LatestText, DateTime Earliest, DateTime Latest, DateTime IndexLatest, string Token);

/// <summary>A slice as the case knows it.</summary>
/// <param name="SourceId">The source that it is, or is to be.</param>
/// <param name="Earliest">Start of its range, inclusive, UTC.</param>
/// <param name="Latest">End of its range, exclusive.</param>
/// <param name="IndexEarliest">Only events indexed from here on belong to it (late arrivals of a range that had landed); null: all.</param>
/// <param name="IndexLatest">Only events indexed before belong to it.</param>
/// <param name="State"><c>interrupted</c>: planned, nothing of it has landed; <c>complete</c>; <c>incomplete</c>: given up, a hole.</param>
/// <param name="Missing">Why it is a hole.</param>
internal sealed record SliceRecord(
    int SourceId, int ExportId, string Table, string Uri, string Spl, DateTime Earliest, DateTime Latest, DateTime? IndexEarliest, DateTime IndexLatest, string State, string? Missing,
    long? RowsLanded, long? RowsRejected, int Attempts, string? Sid, string? Messages)
{
    public const string Planned = "interrupted", Complete = "complete", Hole = "incomplete";

    public bool IsComplete => State == Complete;
}

/// <summary>A stretch of time that is to become a slice.</summary>
/// <param name="IndexEarliest">Only what was indexed from here on; null: since ever.</param>
/// <param name="IndexLatest">Only what was indexed before; null: up to the bound of its export.</param>
internal readonly record struct SliceRange(DateTime Earliest, DateTime Latest, DateTime? IndexEarliest = null, DateTime? IndexLatest = null)
{
    /// <summary>Nothing of it was ever asked for.</summary>
    public bool IsNew => IndexEarliest is null && IndexLatest is null;

    /// <summary>What came since it was fetched.</summary>
    public bool IsLate => IndexEarliest is not null && IndexLatest is null;
}

/// <summary>What the server told of a slice that was fetched, or given up.</summary>
/// <param name="SourceId">The slice.</param>
/// <param name="Sid">Its job.</param>
/// <param name="ScanCount">Events that the search looked at; null where the server did not say.</param>
/// <param name="EventCount">Events that matched.</param>
/// <param name="ResultCount">Rows of the result.</param>
/// <param name="RowsStreamed">Rows that came.</param>
/// <param name="Messages">All messages of every channel, as a JSON array.</param>
/// <param name="Attempts">How often it was tried, all runs together.</param>
internal sealed record SliceFacts(int SourceId, string? Sid, long? ScanCount, long? EventCount, long? ResultCount, long RowsStreamed, string Messages, int Attempts);
