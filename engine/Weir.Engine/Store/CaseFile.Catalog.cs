using System.Data.Common;
using System.Globalization;
using Weir.Engine.Kinds;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

public sealed partial class CaseFile
{
    private const string OpenStates = "('interrupted', 'incomplete')";

    private const string NoTime = "NULL::TIMESTAMPTZ";

    /// <summary>Tables of schema main that landed from sources, by name.</summary>
    internal IReadOnlyList<TableSummary> Tables()
    {
        var ledger = database.Rows(
            """
            SELECT s.table_name, count(*), sum(s.rows_rejected)::BIGINT, coalesce(sum(r.remarks), 0)::BIGINT FROM weir.sources s
            LEFT JOIN (SELECT source_id, count(*) AS remarks FROM weir.remarks GROUP BY source_id) r USING (source_id)
            WHERE s.state <> 'failed' GROUP BY s.table_name ORDER BY s.table_name
            """,
            row => (Name: row.GetString(0), Sources: row.GetInt32(1), Rejects: row.GetInt64(2), Remarks: row.GetInt64(3)));
        var tables = new List<TableSummary>();
        ILookup<string, KindInTable> kinds = KindLedger.InCase(database, Kinds, name => TableModel.Load(database, name), withDuplicates: false).ToLookup(k => k.Model.Name);
        foreach (var (name, sources, rejects, remarks) in ledger)
        {
            TableModel model = kinds[name].FirstOrDefault()?.Model ?? TableModel.Load(database, name);
            string time = TableEvents.Of(database, name, kinds[name]).Time(UsualTime(model));
            string span = time == NoTime ? "NULL::BIGINT, NULL::BIGINT" : $"epoch_us(min({time})), epoch_us(max({time}))";
            var (rows, first, last) = database.Rows(
                $"SELECT count(*), {span} FROM {model.Reading(span)} t", row => (row.GetInt64(0), Time(row, 1), Time(row, 2)))[0];
            tables.Add(new TableSummary(name, rows, model.Columns.Count(c => c.Role != ColumnRole.Values), first, last, KindTime(model, rows) ?? TimeColumns(model).FirstOrDefault()?.Name, sources, rejects, remarks));
        }

        return tables;
    }

    /// <summary>The column that the kind of most of a table's rows trusts most, of those with a value in at least half of the rows; null where it has none.</summary>
    private string? KindTime(TableModel model, long rows)
    {
        string[] found = [.. database.Rows("SELECT k.kind FROM weir.kinds k JOIN weir.sources s USING (source_id) WHERE s.table_name = ? GROUP BY 1 ORDER BY sum(k.rows) DESC, 1 LIMIT 1", r => r.GetString(0), model.Name)];
        return Kinds.Named(found.ToHashSet()).FirstOrDefault() is not { } kind ? null
            : new KindColumns(model, kind).Find(kind.Time).FirstOrDefault(c => c.Role == ColumnRole.Payload || model.BindingsTo(c).Sum(b => b.Binding.Filled) * 2 >= rows)?.Name;
    }

    /// <summary>SQL of the time of rows of which no kind tells it, in a table that is called <c>t</c>.</summary>
    internal static string UsualTime(TableModel model) => KindColumns.First(TimeColumns(model).Select(c => KindColumns.TimeOf(model, c)), "TIMESTAMPTZ");

    /// <summary>The column that most rows have a time in (among equals the one that is known to be the event's, then the first); behind it those that are known to be.</summary>
    /// <remarks>A column that is text because of one of its sources counts where it is called like a time and some source has times in it.</remarks>
    private static IEnumerable<TableColumn> TimeColumns(TableModel model)
    {
        string[] known = ["_time", "time_generated_utc", "time_generated", "timestamp", "created_date_time", "creation_time", "time"];
        var times = model.Columns.Where(c => c.Type == ColumnType.TimestampTz || (c.Type == ColumnType.Varchar && c.Role == ColumnRole.Source
                && model.BindingsTo(c).Any(b => b.Binding.Times is not null) && ColumnHint.For(c.Name, new TypingOptions()).TimeLike))
            .OrderByDescending(c => c.Name == "_time").ThenByDescending(c => model.BindingsTo(c).Where(b => b.Binding.Times is not null).Sum(b => b.Binding.Filled)).ThenByDescending(c => known.Contains(c.Name)).ToArray();
        return times.Where((c, i) => i == 0 || known.Contains(c.Name));
    }

    /// <summary>Sources that are interrupted or incomplete: every command that reads rows says so.</summary>
    internal IReadOnlyList<OpenSource> OpenSources() => database.Rows(
        $"""
        SELECT source_id, uri, table_name, state, rows_landed, missing FROM weir.sources WHERE state IN {OpenStates} AND connector <> '{SliceLedger.Connector}'
        UNION ALL SELECT source_id, uri, table_name, state, 0, coalesce(missing, 'it has not been fetched: run its export again') FROM weir.slices WHERE state IN {OpenStates} ORDER BY source_id
        """,
        row => new OpenSource(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.IsDBNull(5) ? null : row.GetString(5)));

    /// <summary>Recounts and rehashes every source from the landed rows.</summary>
    internal IAsyncEnumerable<SourceVerification> VerifyAsync(CancellationToken cancellationToken) => new CaseVerifier(this, database).VerifyAsync(cancellationToken);

    /// <summary>One row; null where the case has none of that number.</summary>
    internal LandedRow? Row(int source, long row)
    {
        var sources = database.Rows(
            "SELECT uri, table_name, connector, options::VARCHAR, fingerprint, sha256 FROM weir.sources WHERE source_id = ?",
            r => (Uri: r.GetString(0), Table: r.GetString(1), Connector: r.GetString(2), Options: r.GetString(3), Fingerprint: r.IsDBNull(4) ? null : r.GetString(4), Sha256: r.IsDBNull(5) ? null : r.GetString(5)), source);
        if (sources.Count == 0)
            return null;
        var (uri, table, connector, options, fingerprint, sha256) = sources[0];
        TableModel model = TableModel.Load(database, table);
        bool landed = model.Columns.Count > 0 && database.Count($"SELECT count(*) FROM {model.QualifiedName} WHERE source_id = ? AND row_id = ?", source, row) > 0;
        List<LandedCell> cells = landed ? [.. model.Columns.Where(c => c.Role != ColumnRole.Values).Select(c => new LandedCell(c.Name, TypedSql.Name(c.Type)))] : [];
        var remarks = database.Rows(
            "SELECT column_name, code, detail, raw FROM weir.remarks WHERE source_id = ? AND row_id = ? ORDER BY ALL",
            r => new RowRemark(r.IsDBNull(0) ? null : r.GetString(0), r.GetString(1), r.GetString(2), r.IsDBNull(3) ? null : Bytes(r, 3)), source, row);
        var rejects = database.Rows(
            "SELECT code, detail, raw FROM weir.rejects WHERE source_id = ? AND row_id = ? ORDER BY byte_offset",
            r => new RowReject(r.GetString(0), r.GetString(1), Bytes(r, 2)), source, row);
        if (cells.Count == 0 && rejects.Count == 0)
            return null;
        var interval = database.Rows(
            "SELECT first_row, byte_offset, line FROM weir.batches WHERE source_id = ? AND first_row <= ? AND first_row + rows > ?",
            r => new ResumePoint(r.GetInt64(0) - 1, r.GetInt64(1), r.GetInt64(2), ""), source, row, row);
        return new LandedRow(source, row, uri, table, connector, options, model.Reading(asked: null), cells, remarks, rejects, interval.Count == 0 ? null : interval[0], fingerprint, sha256);
    }

    /// <summary>Removes a source and all that hangs on it. DuckDB does not wipe the file: <paramref name="compact"/> rewrites it.</summary>
    /// <returns>Rows removed.</returns>
    /// <exception cref="WeirException">There is no such source.</exception>
    internal long Remove(int source, bool compact)
    {
        long removed = Writer.Remove(source)
            ?? throw new WeirException($"source {source.ToString(CultureInfo.InvariantCulture)}", $"{Path} has no such source", "", "See its sources with: weir sql \"SELECT source_id, uri FROM weir.sources\".");
        if (compact)
            CaseCompactor.Compact(database, Path);
        return removed;
    }

    /// <summary>Records an input of which nothing could land, so that the case tells of it; gives it the next source number.</summary>
    internal int RecordFailed(string uri, string table, string connector, string reason) => Writer.RecordFailed(uri, table, connector, reason);

    /// <summary>Exports of a search into a table, oldest first; null: of all searches, into all tables.</summary>
    internal IReadOnlyList<ExportRecord> Exports(string? table = null, string? search = null) => new SliceLedger(database).Exports(table, search);

    /// <summary>Slices of some exports in order of table and time; null: of all.</summary>
    internal IReadOnlyList<SliceRecord> Slices(IReadOnlyCollection<int>? exports = null) => new SliceLedger(database).Slices(exports);

    /// <summary>Records an export and its slices before anything is fetched.</summary>
    internal IReadOnlyList<SliceRecord> Plan(ExportRecord export, IReadOnlyList<SliceRange> ranges) => Writer.Plan(export, ranges);

    /// <summary>Takes an export back of which nothing has landed; one of which something has stays.</summary>
    internal void Withdraw(int export) => Writer.Withdraw(export);

    /// <summary>Forgets the slices of a table that have not landed, holes included.</summary>
    /// <returns>How many there were.</returns>
    internal int ForgetMissing(string table) => Writer.ForgetMissing(table);

    /// <summary>Cuts a slice in two.</summary>
    internal IReadOnlyList<SliceRecord> Split(ExportRecord export, SliceRecord slice, DateTime at) => Writer.Split(export, slice, at);

    /// <summary>Records that nothing of a slice could be had: a hole.</summary>
    internal void GiveUp(SliceRecord slice, SliceFacts facts, string reason) => Writer.GiveUp(slice, facts, reason);

    /// <summary>The child tables of all sources, with their values in each.</summary>
    internal ILookup<int, KeyValuePair<string, long>> Children() => new ChildTables(database).All();

    /// <summary>Takes over which spellings mean one user, in place of what was said before.</summary>
    internal void RecordAliases(IReadOnlyList<(string Spelling, string User)> aliases) => Writer.RecordAliases(aliases);

    /// <summary>Notes in <c>weir.meta</c> which table of AS numbers the last ingest used.</summary>
    internal void RecordAsnTable(Stages.AsnTable? table)
    {
        if (table is not null)
            Writer.RecordFacts([("asn_source", table.Source), ("asn_date", table.Date?.ToString("O", CultureInfo.InvariantCulture) ?? "")]);
    }

    private static DateTime? Time(DbDataReader row, int column) => row.IsDBNull(column) ? null : DateTime.UnixEpoch.AddTicks(row.GetInt64(column) * 10);

    internal static byte[] Bytes(DbDataReader row, int column)
    {
        using Stream stream = row.GetStream(column);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
