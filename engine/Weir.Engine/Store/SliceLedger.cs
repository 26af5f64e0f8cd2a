using System.Data.Common;
using System.Globalization;
using DuckDB.NET.Data;

namespace Weir.Engine.Store;

/// <summary>Reads and writes <c>weir.exports</c> and <c>weir.slices</c>: what was asked of a server, slice by slice, and what came of it.</summary>
internal sealed class SliceLedger(CaseDatabase database)
{
    /// <summary>What <c>weir.sources</c> calls the connector of slices.</summary>
    public const string Connector = "splunk";

    private const string SliceColumns =
        "source_id, export_id, table_name, uri, spl, earliest, latest, index_earliest, index_latest, state, missing, rows_landed, rows_rejected, attempts, sid, messages::VARCHAR";

    private const string ExportColumns = "export_id, table_name, url, search::VARCHAR, spl, earliest_text, latest_text, earliest, latest, index_latest, token";

    /// <summary>Exports of a search into a table, oldest first; null: of all searches, into all tables.</summary>
    public IReadOnlyList<ExportRecord> Exports(string? table, string? search) => database.Rows(
        $"SELECT {ExportColumns} FROM weir.exports WHERE ($1 IS NULL OR lower(table_name) = lower($1)) AND ($2 IS NULL OR search::VARCHAR = $2) ORDER BY export_id",
        r => new ExportRecord(r.GetInt32(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.GetString(6), Time(r, 7), Time(r, 8), Time(r, 9), r.GetString(10)),
        table, search);

    /// <summary>Slices of some exports in order of time; null: of all.</summary>
    public IReadOnlyList<SliceRecord> Slices(IReadOnlyCollection<int>? exports = null) => exports is { Count: 0 } ? [] : Read(exports is null ? "true" : $"export_id IN ({Sql.Numbers(exports)})");

    /// <summary>Two slices, in order of time.</summary>
    public IReadOnlyList<SliceRecord> BySource(int one, int other) => Read($"source_id IN ({Sql.Numbers([one, other])})");

    public int NextExportId() => (int)database.Count("SELECT coalesce(max(export_id), 0) + 1 FROM weir.exports");

    public void Add(ExportRecord export) => database.Execute(
        "INSERT INTO weir.exports VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, now())", export.ExportId, export.Table, export.Url, export.Search, export.Spl, export.EarliestText, export.LatestText,
        export.Earliest, export.Latest, export.IndexLatest, export.Token);

    /// <summary>Adds planned slices.</summary>
    /// <remarks>Not by a statement each: a transaction keeps a quarter of a megabyte for every INSERT, and a plan may have thousands of slices.</remarks>
    public void Add(ExportRecord export, IEnumerable<(int SourceId, SliceRange Range)> planned, int attempts = 0)
    {
        using DuckDBAppender appender = database.Connection.CreateAppender(CaseDatabase.Alias, "weir", "slices");
        foreach (var (sourceId, range) in planned)
        {
            IDuckDBAppenderRow row = appender.CreateRow().AppendValue(sourceId).AppendValue(export.ExportId).AppendText(export.Table).AppendText(UriOf(export, range)).AppendText(export.Spl)
                .AppendValue(Zoned(range.Earliest)).AppendValue(Zoned(range.Latest)).AppendValue(Zoned(range.IndexEarliest)).AppendValue(Zoned(range.IndexLatest ?? export.IndexLatest));
            for (int unknown = 0; unknown < 8; unknown++) // from sid to messages
                row.AppendNullValue();
            row.AppendValue(attempts).AppendNullValue().AppendValue(SliceRecord.Planned).AppendNullValue().EndRow();
        }

        appender.Close();
    }

    /// <summary>Deletes an export and its slices, none of which has landed.</summary>
    public void Withdraw(int export)
    {
        database.Execute("DELETE FROM weir.slices WHERE export_id = ?", export);
        database.Execute("DELETE FROM weir.exports WHERE export_id = ?", export);
    }

    public void Delete(int sourceId)
    {
        database.Execute("DELETE FROM weir.slices WHERE source_id = ?", sourceId);
        database.Execute("DELETE FROM weir.sources WHERE source_id = ? AND connector = ? AND rows_landed = 0", sourceId, Connector); // what stood there was a hole
    }

    /// <summary>Writes what came of a slice whose rows land in the same transaction.</summary>
    public void Land(SliceFacts facts, SourceLanding landing, string state) =>
        Write(facts, state, landing.End?.Missing, landing.RowsLanded, landing.RowsRejected, landing.Hash.ToString("x16", CultureInfo.InvariantCulture));

    /// <summary>Gives a slice up: nothing of it lands, and the case says so.</summary>
    public void GiveUp(SliceRecord slice, SliceFacts facts, string reason)
    {
        Write(facts, SliceRecord.Hole, reason);
        database.Execute("DELETE FROM weir.sources WHERE source_id = ?", slice.SourceId);
        database.Execute(
            """
            INSERT INTO weir.sources (source_id, uri, table_name, connector, bytes, rows_read, rows_landed, rows_rejected, state, missing, checkpoint, options, started_at, finished_at)
            VALUES (?, ?, ?, ?, 0, 0, 0, 0, ?, ?, '{}', '{}', now(), now())
            """,
            slice.SourceId, slice.Uri, slice.Table, Connector, SliceRecord.Hole, reason);
    }

    private void Write(SliceFacts facts, string state, string? missing, long? landed = null, long? rejected = null, string? hash = null)
    {
        int changed = database.Execute(
            """
            UPDATE weir.slices SET sid = ?, scan_count = ?, event_count = ?, result_count = ?, rows_streamed = ?, messages = ?, attempts = ?, state = ?, missing = ?,
                rows_landed = ?, rows_rejected = ?, hash = ?
            WHERE source_id = ?
            """,
            facts.Sid, facts.ScanCount, facts.EventCount, facts.ResultCount, facts.RowsStreamed, facts.Messages, facts.Attempts, state, missing, landed, rejected, hash, facts.SourceId);
        if (changed != 1)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"weir.slices took {changed} rows for source {facts.SourceId}."));
    }

    private static DateTimeOffset? Zoned(DateTime? utc) => utc is { } time ? new DateTimeOffset(time, TimeSpan.Zero) : null;

    private List<SliceRecord> Read(string condition) => database.Rows(
        $"SELECT {SliceColumns} FROM weir.slices WHERE {condition} ORDER BY table_name, earliest, latest, source_id",
        r => new SliceRecord(
            r.GetInt32(0), r.GetInt32(1), r.GetString(2), r.GetString(3), r.GetString(4), Time(r, 5), Time(r, 6), r.IsDBNull(7) ? null : Time(r, 7), Time(r, 8), r.GetString(9), Text(r, 10),
            Number(r, 11), Number(r, 12), r.GetInt32(13), Text(r, 14), Text(r, 15)));

    private static string UriOf(ExportRecord export, SliceRange range)
    {
        string since = range.IndexEarliest is { } from ? $", indexed since {Iso(from)}" : "", before = range.IndexLatest is { } to ? $", indexed before {Iso(to)}" : "";
        return $"{export.Url} {Iso(range.Earliest)} to {Iso(range.Latest)}{since}{before} #{export.Token}";
    }

    private static string Iso(DateTime time) => time.ToString(time.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    private static DateTime Time(DbDataReader row, int column) => row.GetFieldValue<DateTimeOffset>(column).UtcDateTime;

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static long? Number(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
