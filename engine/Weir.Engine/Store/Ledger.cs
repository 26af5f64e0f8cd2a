using System.Globalization;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>Reads and writes the engine's own tables: sources, columns, batches, remarks, rejects.</summary>
internal sealed class Ledger(CaseDatabase database)
{
    private HashSet<string>? known;

    /// <summary>A row of <c>weir.sources</c>.</summary>
    internal sealed record Source(
        int SourceId, string Uri, string Table, string State, string? Sha256, string? Fingerprint, long RowsRead, long RowsLanded, long RowsRejected,
        string? Missing, string Checkpoint, string Options, DateTimeOffset StartedAt);

    // In weir.meta: notes and reports name sources, so the number of a removed one is never given again.
    private const string LastSourceKey = "last_source_id";

    public int NextSourceId() => (int)database.Count(
        "SELECT greatest(coalesce(max(source_id), 0), coalesce((SELECT max(value::INTEGER) FROM weir.meta WHERE key = ?), 0)) + 1 FROM (SELECT source_id FROM weir.sources UNION ALL SELECT source_id FROM weir.slices)", LastSourceKey);

    /// <summary>What was set of reading and typing, as JSON with its keys in order: sources that were read differently are different sources.</summary>
    public static string ReadingOptions(SourceInfo info, TableOptions options)
    {
        TypingOptions typing = options.Typing;
        JsonObject json = JsonNode.Parse(info.Options)!.AsObject();
        if (typing.DateOrder != DateOrder.Auto)
            json["date_order"] = typing.DateOrder == DateOrder.DayMonth ? "dmy" : "mdy";
        if (typing.TimeZone != TimeZoneInfo.Utc)
            json["time_zone"] = typing.TimeZone.Id;
        if (typing.TimeColumns.Count > 0)
            json["time"] = Names(typing.TimeColumns);
        if (typing.KeepNames)
            json["keep_names"] = true;
        if (options.Unnest.MultiValue.Count > 0)
            json["multivalue"] = Names(options.Unnest.MultiValue);
        if (options.Unnest.Children.Count > 0)
            json["unnest"] = Names(options.Unnest.Children);
        if (options.Unnest.Collapse is { } between)
            json["collapse"] = between;
        foreach ((string name, string value) in options.StageOptions.OrderBy(o => o.Key, StringComparer.Ordinal))
            json[name] = value;
        return json.ToJsonString();

        static JsonArray Names(IEnumerable<string> names) => new([.. names.Order(StringComparer.Ordinal).Select(c => (JsonNode?)c)]);
    }

    /// <summary>Sources of a table with the same place or the same ends, newest first.</summary>
    public List<Source> Sources(string table, SourceInfo info) => !Known.Contains(info.Uri) && (info.Fingerprint is null || !Known.Contains(info.Fingerprint)) ? [] : database.Rows(
        """
        SELECT source_id, uri, table_name, state, sha256, fingerprint, rows_read, rows_landed, rows_rejected, missing, checkpoint::VARCHAR, options::VARCHAR, started_at
        FROM weir.sources WHERE lower(table_name) = lower(?) AND connector = ? AND (uri = ? OR fingerprint = ?) ORDER BY source_id DESC
        """,
        row => new Source(
            row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), TextOrNull(row, 4), TextOrNull(row, 5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8),
            TextOrNull(row, 9), TextOrNull(row, 10) ?? "{}", row.GetString(11), row.GetFieldValue<DateTimeOffset>(12)),
        table, info.Connector, info.Uri, info.Fingerprint);

    /// <summary>Writes the states of sources, those that are new as new rows.</summary>
    /// <remarks>New ones not by a statement each: a transaction keeps a quarter of a megabyte for every INSERT, and a commit may have thousands of sources.</remarks>
    public void Write(IReadOnlyList<SourceLanding> landings, Func<SourceLanding, string> state)
    {
        SourceLanding[] fresh = [.. landings.Where(l => !l.IsStored)];
        foreach (SourceLanding landing in landings.Where(l => l.IsStored))
            Update(landing, state(landing));
        if (fresh.Length == 0)
            return;
        database.Execute($"DELETE FROM weir.sources WHERE source_id IN ({Sql.Numbers(fresh.Select(l => l.SourceId))}) AND (state = 'failed' OR connector = ?)", SliceLedger.Connector); // nothing of them landed before; now it does
        using DuckDBAppender appender = database.Connection.CreateAppender(CaseDatabase.Alias, "weir", "sources");
        foreach (SourceLanding landing in fresh)
        {
            string now = state(landing);
            IDuckDBAppenderRow row = appender.CreateRow().AppendValue(landing.SourceId);
            row.AppendText(landing.Info.Uri).AppendText(landing.Table).AppendText(landing.Info.Connector).AppendText(landing.End?.Sha256).AppendValue(landing.End?.Bytes ?? landing.Info.Bytes)
                .AppendText(Fingerprint(landing, now)).AppendValue(landing.RowsRead).AppendValue(landing.RowsLanded).AppendValue(landing.RowsRejected).AppendText(now).AppendText(landing.End?.Missing)
                .AppendText(landing.Checkpoint()).AppendText(landing.ReadingOptions).AppendValue(landing.StartedAt).AppendValue(FinishedAt(now)).EndRow();
            Remember(landing);
        }

        appender.Close();
    }

    private void Update(SourceLanding landing, string state)
    {
        int changed = database.Execute(
            """
            UPDATE weir.sources SET uri = ?, table_name = ?, connector = ?, sha256 = ?, bytes = ?, fingerprint = ?, rows_read = ?, rows_landed = ?, rows_rejected = ?,
                state = ?, missing = ?, checkpoint = ?, options = ?, started_at = ?, finished_at = ? WHERE source_id = ?
            """,
            landing.Info.Uri, landing.Table, landing.Info.Connector, landing.End?.Sha256, landing.End?.Bytes ?? landing.Info.Bytes, Fingerprint(landing, state), landing.RowsRead, landing.RowsLanded,
            landing.RowsRejected, state, landing.End?.Missing, landing.Checkpoint(), landing.ReadingOptions, landing.StartedAt.UtcDateTime, FinishedAt(state)?.UtcDateTime, landing.SourceId);
        if (changed != 1)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"weir.sources took {changed} rows for source {landing.SourceId}."));
        Remember(landing);
    }

    private static DateTimeOffset? FinishedAt(string state) => state is "interrupted" ? null : DateTimeOffset.UtcNow;

    /// <summary>Places and ends of all sources that the case has or had: most inputs of a folder are new, and need no look into it.</summary>
    private HashSet<string> Known => known ??= [.. database.Rows("SELECT uri, fingerprint FROM weir.sources", r => (Uri: r.GetString(0), Ends: TextOrNull(r, 1))).SelectMany(s => s.Ends is null ? (string[])[s.Uri] : [s.Uri, s.Ends])];

    private void Remember(SourceLanding landing)
    {
        known?.Add(landing.Info.Uri); // else it is read from the case when somebody asks
        if (landing.Info.Fingerprint is { } ends)
            known?.Add(ends);
    }

    /// <summary>The spelling under which the case knows a table: DuckDB's names have no case.</summary>
    public string Spelling(string table) =>
        database.Scalar("SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'main' AND lower(table_name) = lower(?)", CaseDatabase.Alias, table) as string ?? table;

    // A file that grew while it was read was fingerprinted as another: then only its hash tells it again.
    private static string? Fingerprint(SourceLanding landing, string state) =>
        state != "interrupted" && landing.End is { } end && landing.Info.Bytes is { } seen && seen != end.Bytes ? null : landing.Info.Fingerprint;

    /// <summary>Reads back what a commit must have stored: DuckDB reports success for a transaction that a failed statement emptied.</summary>
    public void Confirm(IReadOnlyList<SourceLanding> landings, Func<SourceLanding, string> state)
    {
        Dictionary<int, (string State, long Rows)> stored = database.Rows(
            $"SELECT source_id, state, rows_read FROM weir.sources WHERE source_id IN ({Sql.Numbers(landings.Select(l => l.SourceId))})", r => (Source: r.GetInt32(0), State: r.GetString(1), Rows: r.GetInt64(2)))
            .ToDictionary(s => s.Source, s => (s.State, s.Rows));
        foreach (SourceLanding landing in landings)
        {
            long rows = stored.TryGetValue(landing.SourceId, out var s) && s.State == state(landing) ? s.Rows : -1;
            if (rows != landing.RowsRead)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"The case confirms {rows} rows of source {landing.SourceId} after a commit of {landing.RowsRead}."));
        }
    }

    /// <summary>Writes how the columns of some sources lie in their table.</summary>
    /// <param name="fresh">Those of which the case says nothing yet.</param>
    public void WriteColumns(TableModel model, IReadOnlyCollection<int> sources, IReadOnlySet<int> fresh, Func<int, bool> isOpen)
    {
        if (sources.Count == 0)
            return;
        if (sources.Where(s => !fresh.Contains(s)).ToArray() is { Length: > 0 } rewritten)
            database.Execute($"DELETE FROM weir.columns WHERE source_id IN ({Sql.Numbers(rewritten)})");
        using DuckDBAppender appender = database.Connection.CreateAppender(CaseDatabase.Alias, "weir", "columns");
        foreach (int source in sources.Order())
        {
            foreach (ColumnBinding binding in model.Bindings(source))
            {
                TableColumn column = binding.Column;
                Append(appender, source, model.Name, column, binding, column.Role == ColumnRole.Extra ? "extra" : "source");
                if (column.Companion is { } companion && (binding.Verdict.Misfits > 0 || binding.Aside || isOpen(source)))
                    Append(appender, source, model.Name, companion, binding, "companion");
                if (binding.HasAddresses && column.Asn is var (number, organisation))
                {
                    Append(appender, source, model.Name, number, binding, EnrichAsnStage.AsnRole);
                    Append(appender, source, model.Name, organisation, binding, EnrichAsnStage.OrganisationRole);
                }

                foreach (TableColumn place in binding.Payload)
                    AppendPayload(appender, source, model.Name, place, binding);

                if (binding.Child is { } child)
                    Append(appender, source, model.Name, new TableColumn(child, ColumnType.Varchar, ColumnRole.Child), binding, "child");
                if (binding.Twin is { } twin)
                    Append(appender, source, model.Name, column, new ColumnBinding(twin.Position, twin.Original, column, new Verdict(column.Type, null, 0)), UnnestStage.TwinRole);
            }
        }

        appender.Close();
    }

    /// <summary>Corrects misfits that only the landed rows can tell.</summary>
    public void CountMisfits(TableModel model, int source, ColumnBinding binding)
    {
        if (binding.Column.Companion is not { } companion)
            return;
        long misfits = database.Count($"SELECT count(*) FROM {model.QualifiedName} WHERE source_id = ? AND {Sql.Name(companion.Name)} IS NOT NULL", source);
        binding.Verdict = binding.Verdict with { Misfits = misfits };
        model.Touch(source);
    }

    /// <summary>Adds commit intervals to the batch index.</summary>
    public void WriteIntervals(IReadOnlyList<SourceLanding> landings)
    {
        if (landings.All(l => l.Batches.Count == 0))
            return;
        using DuckDBAppender appender = database.Connection.CreateAppender(CaseDatabase.Alias, "weir", "batches");
        foreach (SourceLanding landing in landings.Where(l => l.Batches.Count > 0))
        {
            Origin first = landing.Batches[0].Origin;
            ulong hash = 0;
            long rows = 0;
            foreach (Batch batch in landing.Batches)
            {
                hash += batch.CellsHash;
                rows += batch.Origin.Rows;
            }

            landing.Hash += hash;
            if (rows > 0)
                appender.CreateRow().AppendValue(landing.SourceId).AppendValue(first.FirstRow).AppendValue(rows).AppendValue(first.ByteOffset).AppendValue(first.Line).AppendValue(hash).EndRow();
        }

        appender.Close();
    }

    public void WriteRemarks(SourceLanding landing, TableModel model)
    {
        if (!landing.Batches.Any(b => b.Remarks.Count > 0))
            return;
        IReadOnlyList<ColumnBinding> bindings = model.Bindings(landing.SourceId);
        using DuckDBAppender appender = database.Connection.CreateAppender(CaseDatabase.Alias, "weir", "remarks");
        foreach (Remark remark in landing.Batches.SelectMany(b => b.Remarks))
        {
            string? column = remark.Column < 0 ? null : bindings.First(b => b.Position == remark.Column || b.Twin?.Position == remark.Column).Column.Name;
            appender.CreateRow().AppendValue(landing.SourceId).AppendValue(remark.RowId).AppendValue(column).AppendValue(remark.Code)
                .AppendValue(remark.Detail).AppendValue(remark.Raw.IsEmpty ? null : remark.Raw.ToArray()).EndRow();
        }

        appender.Close();
    }

    public void WriteRejects(SourceLanding landing)
    {
        if (!landing.Batches.Any(b => b.Rejects.Count > 0))
            return;
        using DuckDBAppender appender = database.Connection.CreateAppender(CaseDatabase.Alias, "weir", "rejects");
        foreach (Reject reject in landing.Batches.SelectMany(b => b.Rejects))
        {
            appender.CreateRow().AppendValue(landing.SourceId).AppendValue(reject.RowId).AppendValue(reject.Line).AppendValue(reject.ByteOffset)
                .AppendValue(reject.Code).AppendValue(reject.Detail).AppendValue(reject.Raw.ToArray()).EndRow();
        }

        appender.Close();
    }

    /// <summary>Table in which a source lies, or was to lie; null where there is no such source.</summary>
    public string? TableOf(int source) => database.Scalar("SELECT table_name FROM weir.sources WHERE source_id = ?", source) as string;

    /// <summary>Number of an input of which nothing landed so far.</summary>
    public int? FailedSource(string uri) => !Known.Contains(uri) ? null :
        database.Count("SELECT coalesce(max(source_id), 0) FROM weir.sources WHERE uri = ? AND state = 'failed'", uri) is > 0 and var known ? (int)known : null;

    /// <summary>Records an input of which nothing landed.</summary>
    public int WriteFailed(int source, string uri, string table, string connector, string reason)
    {
        database.Execute(
            """
            INSERT INTO weir.sources (source_id, uri, table_name, connector, bytes, rows_read, rows_landed, rows_rejected, state, missing, options, started_at, finished_at)
            VALUES (?, ?, ?, ?, 0, 0, 0, 0, 'failed', ?, '{}', now(), now())
            """,
            source, uri, table, connector, reason);
        known?.Add(uri);
        return source;
    }

    /// <summary>Deletes what the engine's own tables say of a source.</summary>
    public void Remove(int source)
    {
        int last = NextSourceId() - 1;
        database.Execute("DELETE FROM weir.meta WHERE key = ?", LastSourceKey);
        database.Execute("INSERT INTO weir.meta VALUES (?, ?)", LastSourceKey, last.ToString(CultureInfo.InvariantCulture));
        foreach (string own in (string[])["kinds", "rejects", "remarks", "columns", "batches", "slices", "sources"])
            database.Execute($"DELETE FROM weir.{own} WHERE source_id = ?", source);
    }

    private static void AppendPayload(DuckDBAppender appender, int source, string table, TableColumn place, ColumnBinding binding)
    {
        string of = PayloadPlaces.Of(binding.Column, place).Name;
        appender.CreateRow().AppendValue(source).AppendValue(table).AppendValue(place.Name).AppendText(binding.Original + place.Suffix).AppendValue((int?)null).AppendValue(TypedSql.Name(place.Type))
            .AppendValue(place.Derivation?.ToString()).AppendValue(PayloadPlaces.Spell(place.Role)).AppendValue(of).AppendValue((long?)null).AppendValue(0L).AppendValue(false).AppendValue(false).AppendValue((string?)null).EndRow();
    }

    private static void Append(DuckDBAppender appender, int source, string table, TableColumn column, ColumnBinding binding, string role)
    {
        bool own = column == binding.Column;
        int? position = own && binding.Position >= 0 ? binding.Position : null;
        long? filled = own ? binding.Filled : null;
        bool aside = own && binding.Aside, wide = own && binding.Wide;
        appender.CreateRow().AppendValue(source).AppendValue(table).AppendValue(column.Name).AppendText(binding.Original).AppendValue(position)
            .AppendValue(TypedSql.Name(column.Type)).AppendValue(own ? binding.Verdict.Format : null).AppendValue(role).AppendValue(own ? null : binding.Column.Name)
            .AppendValue(filled).AppendValue(role is "source" or "companion" ? binding.Verdict.Misfits : 0L).AppendValue(aside).AppendValue(wide).AppendValue(own ? binding.Times?.ToString() : null).EndRow();
    }

    private static string? TextOrNull(System.Data.Common.DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
