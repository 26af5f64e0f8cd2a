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
        CheckUnchanged();
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
        try
        {
            Recognise(closed, load, altered);
        }
        catch (DuckDBException e) when (kinds.Own.Count > 0 && e.Message.Contains("Conversion Error", StringComparison.Ordinal))
        {
            throw new WeirException("--kinds", $"a row breaks the SQL of a kind ({e.Message.Split('\n')[0]})", "expressions that hold for whatever text stands in a column", "Write TRY_CAST(x AS type) for x::type and CAST(x AS type).", e);
        }
    }

    private void Recognise(IReadOnlyList<SourceLanding> closed, Func<string, TableModel> load, bool altered)
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
                    appender.CreateRow().AppendValue(part.Source).AppendText(part.Sourcetype).AppendValue(part.Kind.Name).AppendValue(part.Rows).AppendValue(KindInTable.Spell(part.How)).EndRow();
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

    // Rows that were recognised by other rules would no longer be those that the views give.
    private void CheckUnchanged()
    {
        foreach (LogKind kind in kinds.Own)
        {
            if (database.Scalar("SELECT value FROM weir.meta WHERE key = ?", KindKey + kind.Name) is string text && text != kind.Text && !KindFile.Read(kind.Name, text, kind.Name).RecognisesLike(kind)
                && database.Count("SELECT count(*) FROM weir.kinds WHERE kind = ?", kind.Name) is > 0 and var parts)
            {
                throw new WeirException(
                    $"--kinds, kind '{kind.Name}'", $"it is recognised otherwise than the kind of that name in the case, of which {parts.ToString(CultureInfo.InvariantCulture)} sources or sourcetypes are", "the same lines sourcetypes, columns, without, rows, shape, prefix and let",
                    "Give it another name, or 'weir remove' those sources and ingest them anew.");
            }
        }
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
    private static HashSet<string> Filled(TableModel model, int source) => Names(model, source, b => b.Filled > 0);

    private static HashSet<string> Names(TableModel model, int source, Func<ColumnBinding, bool> of)
    {
        HashSet<string> filled = new(StringComparer.OrdinalIgnoreCase);
        foreach (ColumnBinding binding in model.Bindings(source).Where(of))
        {
            filled.Add(binding.Column.Name);
            filled.Add(ColumnNames.Clean(binding.Original));
            filled.UnionWith(binding.Payload.Where(p => p.Role == ColumnRole.Payload).SelectMany(p => (string[])[p.Name, ColumnNames.Clean(p.Path!)]));
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
        if (byColumns.Length == 0 && !typed)
        {
            // The columns are there and blank: a portal's export without an error has no error code.
            HashSet<string> named = Names(model, landings[0].SourceId, b => true);
            byColumns = [.. kinds.All.Where(k => Fits(k, named))];
        }

        LogKind[] byName = [.. kinds.All.Where(k => typed && k.Sourcetypes.Count > 0)];
        return byColumns.Length == 0 && byName.Length == 0 ? [] : new Recognition(database, model, landings, typed, byColumns, byName).Find();
    }

    /// <summary>SQL of a row's sourcetype; empty where it has none.</summary>
    internal static string SourcetypeOf(KindColumns columns) => $"coalesce({columns.Plain(Sourcetype)}, '')";

    /// <summary>Every kind that the case holds, by table, in the order in which they have a row.</summary>
    private IReadOnlyList<KindInTable> InCase(Func<string, TableModel> load) => InCase(database, kinds, load);

    /// <inheritdoc cref="InCase(Func{string, TableModel})"/>
    /// <param name="table">Of this table alone; null: of all.</param>
    /// <param name="withDuplicates">Whether rows that stand in the case already are asked for: views leave them out.</param>
    public static IReadOnlyList<KindInTable> InCase(CaseDatabase database, LogKinds kinds, Func<string, TableModel> load, string? table = null, bool withDuplicates = true)
    {
        var places = database.Rows(
            "SELECT s.table_name, k.kind, k.source_id, k.sourcetype, k.how FROM weir.kinds k JOIN weir.sources s USING (source_id) WHERE $1 IS NULL OR lower(s.table_name) = lower($1) ORDER BY ALL",
            r => new Place(r.GetString(0), r.GetString(1), new KindPart(r.GetInt32(2), r.IsDBNull(3) ? null : r.GetString(3), Enum.Parse<KindRows>(r.GetString(4), ignoreCase: true))), table);
        HashSet<string> doubled = places.Count == 0 || !withDuplicates ? [] : [.. database.Rows("SELECT DISTINCT table_name FROM weir.sources WHERE source_id IN (SELECT source_id FROM weir.duplicates)", r => r.GetString(0))];
        var found = new List<KindInTable>();
        foreach (var group in places.GroupBy(p => p.Table))
        {
            if (load(group.Key) is not { Exists: true } model)
                continue;
            var before = new List<KindInTable>();
            foreach (LogKind kind in kinds.Named(group.Select(p => p.Kind).ToHashSet()))
            {
                KindPart[] parts = [.. group.Where(p => p.Kind == kind.Name).Select(p => p.Part)];
                if (parts.Length > 0)
                    before.Add(new KindInTable(kind, model, parts, doubled.Contains(group.Key)));
            }

            // Before a kind counts who shares a part with it; behind it, where it also has what nobody has.
            found.AddRange(before.Select((kind, i) => kind with
            {
                Before = [.. before.Take(i).Where(b => kind.SharesPart(b))],
                After = [.. before.Skip(i + 1).Where(a => kind.SharesPart(a, KindRows.Most))],
            }));
        }

        return found;
    }

    // A class and no tuple: generic code over tuples is compiled anew by every process.
    private sealed record Place(string Table, string Kind, KindPart Part);
}
