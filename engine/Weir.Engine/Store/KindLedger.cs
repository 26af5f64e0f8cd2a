using System.Globalization;
using DuckDB.NET.Data;
using Weir.Engine.Kinds;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>What kinds of logs the sources of a case are, which of their records stand twice, which spellings of users belong together, and the standard views over all that.</summary>
/// <remarks>All of it is written in the transaction that closes a source: behind its rows, and behind every change of its table.</remarks>
internal sealed class KindLedger
{
    /// <summary>The column that says of each row what it is.</summary>
    internal const string Sourcetype = "sourcetype";

    private const string KindKey = "kind:";

    /// <summary>Code of the remark on records that share what identifies a record, and differ.</summary>
    internal const string SharedRemark = "id-shared";

    // Value shapes are asked of the first rows: a log does not change its format.
    private const int ShapeRows = 10_000;

    private readonly CaseDatabase database;
    private readonly LogKinds kinds;
    private string made = "";

    public KindLedger(CaseDatabase database, LogKinds kinds)
    {
        this.database = database;
        this.kinds = Known(database, kinds);
        CanonicalJson.Register(database.Connection);
    }

    /// <summary>Those kinds and the ones that users gave to earlier runs, which the case keeps.</summary>
    public static LogKinds Known(CaseDatabase database, LogKinds kinds)
    {
        LogKind[] kept = [.. database.Rows("SELECT key, value FROM weir.meta WHERE key LIKE ? ORDER BY key", r => (Name: r.GetString(0)[KindKey.Length..], Text: r.GetString(1)), KindKey + "%")
            .Where(k => kinds.Own.All(own => own.Name != k.Name)).Select(k => KindFile.Read(k.Name, k.Text, $"kind '{k.Name}' in the case"))];
        return kept.Length == 0 ? kinds : LogKinds.Shipped.With(kept).With(kinds.Own);
    }

    /// <summary>Writes all that follows from rows that have landed.</summary>
    /// <param name="closed">Sources that this transaction closes.</param>
    /// <param name="load">The plan of a table.</param>
    public void Close(IReadOnlyList<SourceLanding> closed, Func<string, TableModel> load)
    {
        Keep();
        var found = new List<(int Source, string? Sourcetype, LogKind Kind, long Rows)>();
        foreach (IGrouping<string, SourceLanding> table in closed.Where(l => l.RowsLanded > 0).GroupBy(l => l.Table, StringComparer.OrdinalIgnoreCase))
        {
            TableModel model = load(table.Key);
            foreach (var group in table.GroupBy(l => string.Join(',', Candidates(model, l.SourceId).Select(k => k.Name))))
                found.AddRange(Recognise(model, [.. group], Candidates(model, group.First().SourceId)));
        }

        if (found.Count > 0)
        {
            using DuckDBAppender appender = database.Connection.CreateAppender(CaseDatabase.Alias, "weir", "kinds");
            foreach (var (source, sourcetype, kind, rows) in found)
                appender.CreateRow().AppendValue(source).AppendText(sourcetype).AppendValue(kind.Name).AppendValue(rows).EndRow();
            appender.Close();
            foreach (var group in found.GroupBy(f => f.Kind))
            {
                int[] sources = [.. group.Select(f => f.Source).Distinct()];
                NoteUsers(group.Key, sources, load);
                NoteDuplicates(group.Key, sources, load);
            }
        }

        MakeViews(load, altered: found.Count > 0);
    }

    /// <summary>Makes the views anew where the case, or a table under them, is no longer as it was.</summary>
    public void MakeViews(Func<string, TableModel> load, bool altered)
    {
        string[] statements = [.. KindViews.Statements(InCase(null, load), database.Count("SELECT count(*) FROM weir.user_keys") > 0)];
        string all = string.Join('\n', statements);
        if (!altered && all == made)
            return;
        foreach (string statement in statements)
            database.Execute(statement);
        made = all;
    }

    /// <summary>Forgets a source: the first of a group of equal records may have been its.</summary>
    public void Remove(int source)
    {
        database.Execute("DELETE FROM weir.duplicates WHERE source_id = ?", source);
        database.Execute(
            """
            CREATE OR REPLACE TEMP TABLE weir_orphans AS SELECT source_id, row_id, first_value(source_id) OVER w AS first_source, first_value(row_id) OVER w AS first_row
            FROM weir.duplicates WHERE of_source_id = ? WINDOW w AS (PARTITION BY of_source_id, of_row_id ORDER BY source_id, row_id)
            """, source);
        database.Execute("DELETE FROM weir.duplicates WHERE of_source_id = ?", source);
        database.Execute("INSERT INTO weir.duplicates SELECT source_id, row_id, first_source, first_row FROM weir_orphans WHERE (source_id, row_id) <> (first_source, first_row)");
        database.Execute("DROP TABLE weir_orphans");
        MakeUserKeys();
    }

    /// <summary>Takes over which spellings mean one user.</summary>
    public void NoteAliases(IReadOnlyList<(string Spelling, string User)> aliases)
    {
        database.Execute("DELETE FROM weir.user_names WHERE source_id IS NULL");
        using (DuckDBAppender appender = database.Connection.CreateAppender(CaseDatabase.Alias, "weir", "user_names"))
        {
            foreach (var (spelling, user) in aliases)
                appender.CreateRow().AppendText(spelling.ToLowerInvariant()).AppendText(user.ToLowerInvariant()).AppendValue((int?)null).EndRow();
            appender.Close();
        }

        MakeUserKeys();
    }

    private void Keep()
    {
        foreach (LogKind kind in kinds.Own)
        {
            if (database.Scalar("SELECT value FROM weir.meta WHERE key = ?", KindKey + kind.Name) as string == kind.Text)
                continue;
            database.Execute("DELETE FROM weir.meta WHERE key = ?", KindKey + kind.Name);
            database.Execute("INSERT INTO weir.meta VALUES (?, ?)", KindKey + kind.Name, kind.Text);
        }
    }

    /// <summary>The kinds that a source may be of, by its columns, or by the sourcetypes that its rows have.</summary>
    private LogKind[] Candidates(TableModel model, int source)
    {
        HashSet<string> filled = new(StringComparer.OrdinalIgnoreCase);
        foreach (ColumnBinding binding in model.Bindings(source).Where(b => b.Filled > 0))
        {
            filled.Add(binding.Column.Name);
            filled.Add(ColumnNames.Clean(binding.Original));
            filled.UnionWith(binding.Payload.Select(p => p.Name));
        }

        bool HasSourcetype = filled.Contains(Sourcetype);
        return [.. kinds.All.Where(k => Fits(k, filled) || (HasSourcetype && k.Sourcetypes.Count > 0))];
    }

    private static bool Fits(LogKind kind, HashSet<string> filled)
    {
        bool Has(string name) => filled.Contains(name) || kind.Prefixes.Any(p => filled.Contains(p + name));
        return kind.Columns.Any(groups => groups.All(group => group.Any(Has))) && !kind.Without.Any(Has);
    }

    private List<(int Source, string? Sourcetype, LogKind Kind, long Rows)> Recognise(TableModel model, SourceLanding[] landings, LogKind[] candidates)
    {
        var found = new List<(int, string?, LogKind, long)>();
        if (candidates.Length == 0)
            return found;
        HashSet<string> filled = new(StringComparer.OrdinalIgnoreCase);
        foreach (ColumnBinding binding in model.Bindings(landings[0].SourceId).Where(b => b.Filled > 0))
        {
            filled.Add(binding.Column.Name);
            filled.Add(ColumnNames.Clean(binding.Original));
            filled.UnionWith(binding.Payload.Select(p => p.Name));
        }

        string sources = Sql.Numbers(landings.Select(l => l.SourceId));
        bool hasSourcetype = filled.Contains(Sourcetype);
        string sourcetype = hasSourcetype ? new KindColumns(model, candidates[0]).Text([Sourcetype]) : "NULL::VARCHAR";
        LogKind[] byColumns = [.. candidates.Where(k => Fits(k, filled) && HasShape(k, model, sources))];
        if (!hasSourcetype && byColumns is [{ Rows: null } only, ..])
            return [.. landings.Select(l => (l.SourceId, (string?)null, only, l.RowsLanded))];

        // What a sourcetype names goes before what columns suggest.
        string[] types = hasSourcetype ? [.. database.Rows($"SELECT DISTINCT {sourcetype} FROM {model.QualifiedName} t WHERE source_id IN ({sources}) AND {sourcetype} IS NOT NULL ORDER BY 1 LIMIT 10000", r => r.GetString(0))] : [];
        var cases = new List<(LogKind Kind, string Condition)>();
        foreach (LogKind kind in candidates)
        {
            string[] named = [.. types.Where(kind.IsNamed)];
            if (named.Length > 0)
                cases.Add((kind, $"{sourcetype} IN ({string.Join(", ", named.Select(Sql.Text))})" + Rows(kind)));
        }

        // A type that nothing names is of a kind whose columns at least half of its rows have.
        HashSet<string> open = [.. types.Where(t => !candidates.Any(k => k.IsNamed(t)))];
        foreach (LogKind kind in byColumns)
        {
            if (!hasSourcetype)
            {
                cases.Add((kind, "true" + Rows(kind)));
                continue;
            }

            var columns = new KindColumns(model, kind);
            string needs = string.Join(" OR ", kind.Columns.Select(groups => "(" + string.Join(" AND ", groups.Select(g => $"{columns.Text(g)} IS NOT NULL")) + ")"));
            string[] suited = [.. database.Rows(
                $"SELECT coalesce({sourcetype}, '') FROM {model.QualifiedName} t WHERE source_id IN ({sources}) GROUP BY 1 HAVING avg(CASE WHEN {needs} THEN 1 ELSE 0 END) >= 0.5 ORDER BY 1", r => r.GetString(0))
                .Where(t => t.Length == 0 || open.Contains(t))];
            if (suited.Length > 0)
                cases.Add((kind, $"coalesce({sourcetype}, '') IN ({string.Join(", ", suited.Select(Sql.Text))})" + Rows(kind)));
        }

        if (cases.Count == 0)
            return found;
        string choice = string.Join(' ', cases.Select((c, i) => string.Create(CultureInfo.InvariantCulture, $"WHEN {c.Condition} THEN {i}")));
        foreach (var (source, type, at, rows) in database.Rows(
            $"SELECT source_id, {sourcetype}, CASE {choice} END AS kind, count(*) FROM {model.QualifiedName} t WHERE source_id IN ({sources}) GROUP BY ALL HAVING kind IS NOT NULL ORDER BY ALL",
            r => (r.GetInt32(0), r.IsDBNull(1) ? null : r.GetString(1), r.GetInt32(2), r.GetInt64(3))))
            found.Add((source, type, cases[at].Kind, rows));
        return [.. found.GroupBy(f => (f.Item1, f.Item2, f.Item3)).Select(g => (g.Key.Item1, g.Key.Item2, g.Key.Item3, g.Sum(f => f.Item4)))];

        string Rows(LogKind kind) => kind.Rows is null ? "" : $" AND ({new KindColumns(model, kind).Expand(kind.Rows)})";
    }

    private bool HasShape(LogKind kind, TableModel model, string sources) => kind.Shape is null || database.Count(
        $"SELECT coalesce((avg(CASE WHEN {new KindColumns(model, kind).Expand(kind.Shape)} THEN 1 ELSE 0 END) >= 0.5)::INTEGER, 0) FROM {model.QualifiedName} t WHERE source_id IN ({sources}) AND row_id <= {ShapeRows}") == 1;

    /// <summary>Where in the case a kind is; null: every kind that is known.</summary>
    private List<KindInTable> InCase(LogKind? wanted, Func<string, TableModel> load)
    {
        var places = database.Rows(
            """
            SELECT s.table_name, k.kind, sum(k.rows)::BIGINT, bool_or(k.sourcetype IS NOT NULL), count(DISTINCT s.source_id) FROM weir.kinds k JOIN weir.sources s USING (source_id) GROUP BY 1, 2 ORDER BY 1, 2
            """,
            r => (Table: r.GetString(0), Kind: r.GetString(1), Rows: r.GetInt64(2), HasSourcetype: r.GetBoolean(3)));
        if (places.Count == 0)
            return [];
        Dictionary<string, long> landed = database.Rows("SELECT table_name, sum(rows_landed)::BIGINT FROM weir.sources GROUP BY 1", r => (r.GetString(0), r.GetInt64(1))).ToDictionary(t => t.Item1, t => t.Item2);
        HashSet<string> doubled = [.. database.Rows("SELECT DISTINCT table_name FROM weir.sources WHERE source_id IN (SELECT source_id FROM weir.duplicates)", r => r.GetString(0))];
        var found = new List<KindInTable>();
        foreach (var (table, name, rows, hasSourcetype) in places)
        {
            if (kinds.All.FirstOrDefault(k => k.Name == name) is { } kind && (wanted is null || wanted == kind) && load(table) is { Exists: true } model)
                found.Add(new KindInTable(kind, model, rows == landed[table], hasSourcetype, doubled.Contains(table)));
        }

        return found;
    }

    /// <summary>Records which spellings of a user one record holds.</summary>
    private void NoteUsers(LogKind kind, int[] sources, Func<string, TableModel> load)
    {
        if (kind.SameUser.Count < 2)
            return;
        bool any = false;
        foreach (KindInTable place in InCase(kind, load))
        {
            var columns = new KindColumns(place.Model, kind);
            string[] spellings = [.. kind.SameUser.Where(n => columns.Find([n]).Any()).Select(n => $"lower({columns.Text([n])})")];
            for (int i = 1; i < spellings.Length; i++)
            {
                any |= database.Execute(
                    $"""
                    INSERT INTO weir.user_names SELECT DISTINCT {spellings[i]} AS spelling, {spellings[0]} AS other, t.source_id
                    {place.From(columns, $"t.source_id IN ({Sql.Numbers(sources)})", distinct: false)} AND {Names(spellings[i])} AND {Names(spellings[0])} AND {spellings[i]} <> {spellings[0]}
                    """) > 0;
            }
        }

        if (any)
            MakeUserKeys();
    }

    // Placeholders that stand in many records, and would make one user of all of them.
    private static string Names(string spelling) => $"NOT regexp_full_match({spelling}, '[-0 {{}}]*|n/?a|null|none|unknown|not available|anonymous|anonymized|s-1-5-18|s-1-0-0')";

    /// <summary>Joins the spellings that records and aliases tie together: the key is what an alias says, else the first with an @, else the first.</summary>
    private void MakeUserKeys()
    {
        var pairs = database.Rows("SELECT DISTINCT spelling, other, source_id IS NULL FROM weir.user_names ORDER BY ALL", r => (A: r.GetString(0), B: r.GetString(1), Said: r.GetBoolean(2)));
        database.Execute("DELETE FROM weir.user_keys");
        if (pairs.Count == 0)
            return;
        var parents = new Dictionary<string, string>(StringComparer.Ordinal);
        string Root(string name)
        {
            while (parents.TryGetValue(name, out string? parent) && parent != name)
                name = parent;
            return name;
        }

        foreach (var (a, b, _) in pairs)
        {
            (string x, string y) = (Root(a), Root(b));
            parents.TryAdd(x, x);
            parents.TryAdd(y, y);
            if (x != y)
                parents[string.CompareOrdinal(x, y) < 0 ? y : x] = string.CompareOrdinal(x, y) < 0 ? x : y;
            parents.TryAdd(a, Root(a));
            parents.TryAdd(b, Root(b));
        }

        HashSet<string> said = [.. pairs.Where(p => p.Said).Select(p => p.B)];
        using DuckDBAppender appender = database.Connection.CreateAppender(CaseDatabase.Alias, "weir", "user_keys");
        foreach (IGrouping<string, string> group in parents.Keys.GroupBy(Root))
        {
            string key = group.OrderByDescending(said.Contains).ThenByDescending(n => n.Contains('@')).ThenBy(n => n, StringComparer.Ordinal).First();
            foreach (string spelling in group.Where(n => n != key).Order(StringComparer.Ordinal))
                appender.CreateRow().AppendText(spelling).AppendText(key).EndRow();
        }

        appender.Close();
    }

    /// <summary>Lists the records of a kind that stand in the case already: same identity and same content. Records that share the identity alone get a remark.</summary>
    private void NoteDuplicates(LogKind kind, int[] sources, Func<string, TableModel> load)
    {
        if (kind.Identity is null)
            return;
        List<KindInTable> places = InCase(kind, load);
        string[] records = [.. places.Select(p =>
        {
            var columns = new KindColumns(p.Model, kind);
            return $"SELECT {columns.Expand(kind.Identity)} AS id, t.source_id, t.row_id {p.From(columns, null, distinct: false)}";
        })];
        database.Execute(
            $"""
            CREATE OR REPLACE TEMP TABLE weir_same AS
            WITH records AS ({string.Join("\nUNION ALL\n", records)}),
                fresh AS (SELECT DISTINCT id FROM records WHERE source_id IN ({Sql.Numbers(sources)}) AND id IS NOT NULL),
                shared AS (SELECT id FROM records SEMI JOIN fresh USING (id) GROUP BY id HAVING count(*) > 1)
            SELECT id, source_id, row_id FROM records SEMI JOIN shared USING (id)
            """);
        if (database.Count("SELECT count(*) FROM weir_same") > 0)
        {
            string[] contents = [.. places.Select(p => $"SELECT source_id, row_id, hash({Content(kind, p.Model)}) AS content FROM {p.Model.QualifiedName} t WHERE (source_id, row_id) IN (SELECT source_id, row_id FROM weir_same)")];
            database.Execute(
                $"""
                CREATE OR REPLACE TEMP TABLE weir_groups AS SELECT source_id, row_id, first_value(source_id) OVER w AS first_source, first_value(row_id) OVER w AS first_row,
                    count(DISTINCT content) OVER (PARTITION BY id) AS contents
                FROM weir_same JOIN ({string.Join("\nUNION ALL\n", contents)}) USING (source_id, row_id) WINDOW w AS (PARTITION BY id, content ORDER BY source_id, row_id)
                """);
            database.Execute("DELETE FROM weir.duplicates d USING weir_groups g WHERE d.source_id = g.source_id AND d.row_id = g.row_id");
            database.Execute("INSERT INTO weir.duplicates SELECT source_id, row_id, first_source, first_row FROM weir_groups WHERE (source_id, row_id) <> (first_source, first_row) ORDER BY ALL");
            database.Execute("DELETE FROM weir.remarks r USING weir_groups g WHERE r.source_id = g.source_id AND r.row_id = g.row_id AND r.code = ?", SharedRemark);
            database.Execute(
                "INSERT INTO weir.remarks SELECT source_id, row_id, NULL, ?, 'records of other content share its identity', NULL FROM weir_groups WHERE contents > 1 AND (source_id, row_id) = (first_source, first_row) ORDER BY ALL",
                SharedRemark);
            database.Execute("DROP TABLE weir_groups");
        }

        database.Execute("DROP TABLE weir_same");
    }

    /// <summary>What a record says, as text: the payload that holds it whole, else every cell with its name, but for what a query or collector added.</summary>
    private static string Content(LogKind kind, TableModel model)
    {
        var columns = new KindColumns(model, kind);
        HashSet<TableColumn> artefacts = [.. columns.Find(kind.Artefacts.Concat(Collector))];
        var cells = model.Columns.Where(c => c.Role is ColumnRole.Source or ColumnRole.Extra && !artefacts.Contains(c) && model.BindingsTo(c).Count > 0)
            .Select(c => (Name: ColumnNames.Clean(model.BindingsTo(c)[0].Binding.Original), Text: Qualified(c))).OrderBy(c => c.Name, StringComparer.Ordinal).ToArray();
        string all = cells.Length == 0 ? "''" : $"concat_ws(chr(30), {string.Join(", ", cells.Select(c => $"{Sql.Text(c.Name + "\u001f")} || {c.Text}"))})";
        string whole = columns.Text(kind.Content);
        return whole.StartsWith("NULL", StringComparison.Ordinal) ? all : $"coalesce({Canonical(whole)}, {all})";

        static string Canonical(string text) => $"CASE WHEN left(ltrim({text}), 1) IN ('{{', '[') THEN {CanonicalJson.Function}({text}) ELSE {text} END";

        string Qualified(TableColumn column)
        {
            string sql = model.BySource(column, (_, b) => column.Type == ColumnType.VarcharList ? $"nullif(array_to_string({Sql.Name(column.Name)}, chr(29)), '')" : $"nullif({b.TextSql()}, '')");
            return column.Type == ColumnType.Varchar ? Canonical(sql) : $"({sql})";
        }
    }

    // Splunk's own, and those of the shell that fetched a record.
    private static readonly string[] Collector =
    [
        "_bkt", "_cd", "_indextime", "_si", "_serial", "_sourcetype", "_eventtype_color", "_time", "source", "sourcetype", "host", "index", "splunk_server", "splunk_server_group", "linecount", "punct", "eventtype", "tag",
        "tag_eventtype", "timeendpos", "timestartpos", "date_hour", "date_mday", "date_minute", "date_month", "date_second", "date_wday", "date_year", "date_zone", "meta",
        "result_index", "result_count", "runspace_id", "ps_computer_name", "ps_show_computer_name", "object_state", "is_valid",
    ];
}
