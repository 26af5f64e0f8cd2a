using System.Globalization;
using DuckDB.NET.Data;
using Weir.Engine.Kinds;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>What kinds of logs the sources of a case are, and the standard views over them.</summary>
/// <remarks>
/// All of it is written in the transaction that closes a source: behind its rows, and behind every change of its table. A source is judged by itself, whatever else the commit holds.
/// <c>weir.kinds.sourcetype</c> is NULL for a source whose rows have none, and empty for those rows of a source that lack theirs.
/// </remarks>
internal sealed class KindLedger
{
    /// <summary>The column that says of each row what it is.</summary>
    internal const string Sourcetype = "sourcetype";

    private const string KindKey = "kind:";

    // Value shapes are asked of the first rows: a log does not change its format.
    private const int ShapeRows = 10_000;

    private readonly CaseDatabase database;
    private readonly LogKinds kinds;
    private readonly RecordIdentities identities;
    private readonly UserNames users;
    private string made = "";

    public KindLedger(CaseDatabase database, LogKinds kinds)
    {
        this.database = database;
        this.kinds = Known(database, kinds);
        identities = new RecordIdentities(database);
        users = new UserNames(database);
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
    /// <param name="altered">The transaction changed a table.</param>
    public void Close(IReadOnlyList<SourceLanding> closed, Func<string, TableModel> load, bool altered)
    {
        Keep();
        var found = new List<Recognised>();
        foreach (IGrouping<string, SourceLanding> table in closed.Where(l => l.RowsLanded > 0).GroupBy(l => l.Table, StringComparer.OrdinalIgnoreCase))
        {
            TableModel model = load(table.Key);
            foreach (var alike in table.Select(l => (Landing: l, Filled: Filled(model, l.SourceId))).GroupBy(l => string.Join('\n', l.Filled.Order(StringComparer.Ordinal)), StringComparer.Ordinal))
                found.AddRange(Recognise(model, [.. alike.Select(l => l.Landing)], alike.First().Filled));
        }

        if (found.Count > 0)
        {
            using (DuckDBAppender appender = database.Connection.CreateAppender(CaseDatabase.Alias, "weir", "kinds"))
            {
                foreach (Recognised part in found)
                    appender.CreateRow().AppendValue(part.Source).AppendText(part.Sourcetype).AppendValue(part.Kind.Name).AppendValue(part.Rows).EndRow();
                appender.Close();
            }

            IReadOnlyList<KindInTable> places = InCase(load);
            foreach (var group in found.GroupBy(f => f.Kind))
            {
                int[] sources = [.. group.Select(f => f.Source).Distinct()];
                KindInTable[] own = [.. places.Where(p => p.Kind == group.Key)];
                users.Note(group.Key, own, sources);
                identities.Note(group.Key, own, sources);
            }

            users.Join();
        }

        MakeViews(load, altered);
    }

    /// <summary>Makes the views anew where the case, or a table under them, is no longer as it was.</summary>
    public void MakeViews(Func<string, TableModel> load, bool altered)
    {
        string[] statements = [.. KindViews.Statements(InCase(load), database.Count("SELECT count(*) FROM weir.user_keys") > 0)];
        string all = string.Join('\n', statements);
        if (!altered && all == made)
            return;
        foreach (string statement in statements)
            database.Execute(statement);
        made = all;
    }

    /// <summary>The views may not be those that were made last: their transaction was undone.</summary>
    public void Forget() => made = "";

    /// <summary>Forgets a source that is no longer in the ledger: the first of a group of equal records may have been its.</summary>
    public void Remove(int source, Func<string, TableModel> load)
    {
        identities.Remove(source, InCase(load));
        users.Remove(source);
        MakeViews(load, altered: true);
    }

    /// <summary>Takes over which spellings mean one user, in place of what was said before.</summary>
    public void NoteAliases(IReadOnlyList<(string Spelling, string User)> aliases, Func<string, TableModel> load)
    {
        users.NoteAliases(aliases);
        MakeViews(load, altered: true);
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

    /// <summary>Cleaned names of a source's columns that have values.</summary>
    private static HashSet<string> Filled(TableModel model, int source)
    {
        HashSet<string> filled = new(StringComparer.OrdinalIgnoreCase);
        foreach (ColumnBinding binding in model.Bindings(source).Where(b => b.Filled > 0))
        {
            filled.Add(binding.Column.Name);
            filled.Add(ColumnNames.Clean(binding.Original));
            filled.UnionWith(binding.Payload.Select(p => p.Name));
        }

        return filled;
    }

    private static bool Fits(LogKind kind, HashSet<string> filled)
    {
        bool Has(string name) => filled.Contains(name) || kind.Prefixes.Any(p => filled.Contains(p + name));
        return kind.Columns.Any(groups => groups.All(group => group.Any(Has))) && !kind.Without.Any(Has);
    }

    /// <summary>Judges sources of one table whose columns are the same.</summary>
    private List<Recognised> Recognise(TableModel model, SourceLanding[] landings, HashSet<string> filled)
    {
        bool typed = filled.Contains(Sourcetype);
        LogKind[] byColumns = [.. kinds.All.Where(k => Fits(k, filled))];
        LogKind[] byName = [.. kinds.All.Where(k => typed && k.Sourcetypes.Count > 0)];
        if (byColumns.Length == 0 && byName.Length == 0)
            return [];
        if (!typed && byColumns is [{ Rows: null, Shape: null } only])
            return [.. landings.Select(l => new Recognised(l.SourceId, null, only, l.RowsLanded))];

        string from = $"FROM {model.QualifiedName} t WHERE source_id IN ({Sql.Numbers(landings.Select(l => l.SourceId))})";
        string type = typed ? SourcetypeOf(new KindColumns(model, kinds.All[0])) : "NULL::VARCHAR";
        string[] types = byName.Length == 0 ? [] : [.. database.Rows($"SELECT DISTINCT {type} {from} ORDER BY 1", r => r.GetString(0))];
        HashSet<string> named = [.. types.Where(t => byName.Any(k => k.IsNamed(t)))];

        // What a sourcetype names goes before what columns suggest; of several kinds the first has a row.
        var cases = new List<(LogKind Kind, string Condition)>();
        foreach (LogKind kind in byName)
        {
            if (named.Where(kind.IsNamed).ToArray() is { Length: > 0 } own)
                cases.Add((kind, $"{type} IN ({Texts(own)}) AND {new KindColumns(model, kind).OfRows()}"));
        }

        ILookup<(int Source, string Type), LogKind> suited = Suited();
        var shared = suited.Where(p => p.Count() > 1).Select(p => p.Key).ToHashSet();
        foreach (LogKind kind in byColumns)
        {
            var columns = new KindColumns(model, kind);
            (int Source, string Type)[] parts = [.. suited.Where(p => p.Contains(kind)).Select(p => p.Key)];
            if (parts.Where(shared.Contains).ToArray() is { Length: > 0 } several)
                cases.Add((kind, $"{In(several)} AND {columns.OfRows()} AND {columns.HasNeeded()}"));
            if (parts.Where(p => !shared.Contains(p)).ToArray() is { Length: > 0 } alone)
                cases.Add((kind, $"{In(alone)} AND {columns.OfRows()}"));
        }

        if (cases.Count == 0)
            return [];
        string choice = $"CASE {string.Join(' ', cases.Select((c, i) => string.Create(CultureInfo.InvariantCulture, $"WHEN {c.Condition} THEN {i}")))} END";
        var rows = database.Rows(
            $"SELECT source_id, {type}, {choice} AS kind, count(*) {from} GROUP BY ALL ORDER BY ALL",
            r => (Source: r.GetInt32(0), Type: r.IsDBNull(1) ? null : r.GetString(1), At: r.IsDBNull(2) ? -1 : r.GetInt32(2), Rows: r.GetInt64(3)));
        var found = rows.Where(r => r.At >= 0).GroupBy(r => (r.Source, r.Type, cases[r.At].Kind)).ToDictionary(g => g.Key, g => g.Sum(r => r.Rows));

        // Rows that have no kind's columns are of the kind of most rows, as they would be without the others.
        foreach (var (source, part, _, _) in rows.Where(r => r.At < 0 && shared.Contains((r.Source, r.Type ?? ""))))
        {
            LogKind[] kinds = [.. suited[(source, part ?? "")]];
            LogKind most = kinds.MaxBy(k => found.GetValueOrDefault((source, part, k)))!;
            long others = database.Count($"SELECT count(*) {from} AND {In([(source, part ?? "")])} AND {choice} IS NULL AND {new KindColumns(model, most).OfRows()}");
            if (others > 0)
                found[(source, part, most)] = found.GetValueOrDefault((source, part, most)) + others;
        }

        return [.. found.Select(f => new Recognised(f.Key.Source, f.Key.Type, f.Key.Kind, f.Value)).OrderBy(f => f.Source).ThenBy(f => f.Sourcetype, StringComparer.Ordinal).ThenBy(f => f.Kind.Name, StringComparer.Ordinal)];

        string In(IEnumerable<(int Source, string Type)> parts) =>
            $"({string.Join(" OR ", parts.GroupBy(p => p.Type).Select(g => $"source_id IN ({Sql.Numbers(g.Select(p => p.Source))}){(typed ? $" AND {type} = {Sql.Text(g.Key)}" : "")}"))})";

        // Of sourcetypes that nothing names: where at least half of the rows have the columns of a kind, every kind counts that some row has the columns of.
        ILookup<(int Source, string Type), LogKind> Suited()
        {
            string measures = string.Join(", ", byColumns.Select(kind =>
            {
                var columns = new KindColumns(model, kind);
                string shape = kind.Shape is null ? "1" : $"avg(CASE WHEN {columns.Expand(kind.Shape)} THEN 1 ELSE 0 END) FILTER (row_id <= {ShapeRows})";
                return $"{shape}::DOUBLE, {(byColumns.Length > 1 || typed ? $"avg(CASE WHEN {columns.HasNeeded()} THEN 1 ELSE 0 END)::DOUBLE" : "1::DOUBLE")}";
            }));
            var parts = byColumns.Length == 0 ? [] : database.Rows(
                $"SELECT source_id, coalesce({type}, ''), {measures} {from} GROUP BY 1, 2 ORDER BY 1, 2",
                r => (Part: (r.GetInt32(0), r.GetString(1)), Kinds: byColumns.Select((kind, i) => (Kind: kind, Shape: r.IsDBNull(2 + (2 * i)) ? 0 : r.GetDouble(2 + (2 * i)), Needed: r.GetDouble(3 + (2 * i)))).Where(k => k.Shape >= 0.5).ToArray()));
            return parts.Where(p => !named.Contains(p.Part.Item2)).SelectMany(p =>
            {
                bool known = !typed || p.Kinds.Any(k => k.Needed >= 0.5);
                var some = p.Kinds.Where(k => known && k.Needed > 0).ToArray();
                return (some.Length > 0 || typed ? some : p.Kinds).Select(k => (p.Part, k.Kind));
            }).ToLookup(k => k.Part, k => k.Kind);
        }
    }

    /// <summary>SQL of a row's sourcetype; empty where it has none.</summary>
    internal static string SourcetypeOf(KindColumns columns) => $"coalesce({columns.Text([Sourcetype])}, '')";

    private static string Texts(IEnumerable<string> texts) => string.Join(", ", texts.Select(Sql.Text));

    /// <summary>Every kind that the case holds, by table, in the order in which they have a row.</summary>
    private IReadOnlyList<KindInTable> InCase(Func<string, TableModel> load) => InCase(database, kinds, load);

    /// <inheritdoc cref="InCase(Func{string, TableModel})"/>
    /// <param name="table">Of this table alone; null: of all.</param>
    public static IReadOnlyList<KindInTable> InCase(CaseDatabase database, LogKinds kinds, Func<string, TableModel> load, string? table = null)
    {
        var places = database.Rows(
            "SELECT s.table_name, k.kind, k.source_id, k.sourcetype, k.rows FROM weir.kinds k JOIN weir.sources s USING (source_id) WHERE $1 IS NULL OR lower(s.table_name) = lower($1) ORDER BY ALL",
            r => (Table: r.GetString(0), Kind: r.GetString(1), Part: (Source: r.GetInt32(2), Type: r.IsDBNull(3) ? null : r.GetString(3)), Rows: r.GetInt64(4)), table);
        HashSet<string> doubled = places.Count == 0 ? [] : [.. database.Rows("SELECT DISTINCT table_name FROM weir.sources WHERE source_id IN (SELECT source_id FROM weir.duplicates)", r => r.GetString(0))];
        var found = new List<KindInTable>();
        foreach (var group in places.GroupBy(p => p.Table))
        {
            if (load(group.Key) is not { Exists: true } model)
                continue;
            var before = new List<KindInTable>();
            foreach (LogKind kind in kinds.All)
            {
                HashSet<(int Source, string? Type)> parts = [.. group.Where(p => p.Kind == kind.Name).Select(p => p.Part)];
                if (parts.Count > 0)
                    before.Add(new KindInTable(kind, model, parts, doubled.Contains(group.Key)));
            }

            found.AddRange(Shared(before, group.Select(p => (p.Part, p.Kind, p.Rows))));
        }

        return found;
    }

    /// <summary>Says of each kind which others it shares parts with, as <see cref="Recognise"/> decided it.</summary>
    private static IEnumerable<KindInTable> Shared(List<KindInTable> kinds, IEnumerable<((int Source, string? Type) Part, string Kind, long Rows)> recognised)
    {
        var several = new Dictionary<(int Source, string? Type), string>(); // the kind of most rows; of equals the first
        foreach (var part in recognised.GroupBy(r => r.Part).Where(g => g.Count() > 1))
        {
            KindInTable[] own = [.. kinds.Where(k => k.Parts.Contains(part.Key))];
            if (!own.Any(k => part.Key.Type is { } type && k.Kind.IsNamed(type)))
                several.Add(part.Key, own.MaxBy(k => part.Single(p => p.Kind == k.Kind.Name).Rows)!.Kind.Name);
        }

        for (int i = 0; i < kinds.Count; i++)
        {
            KindInTable kind = kinds[i];
            kinds[i] = kind with { Shared = kind.Parts.Where(several.ContainsKey).ToHashSet(), Most = kind.Parts.Where(p => several.GetValueOrDefault(p) == kind.Kind.Name).ToHashSet() };
        }

        return kinds.Select((kind, i) => kind with { Before = [.. kinds.Take(i).Where(b => b.Parts.Overlaps(kind.Parts))], After = [.. kinds.Skip(i + 1).Where(b => b.Parts.Overlaps(kind.Most))] });
    }

    /// <summary>Rows of a source that are of a kind.</summary>
    private sealed record Recognised(int Source, string? Sourcetype, LogKind Kind, long Rows);
}
