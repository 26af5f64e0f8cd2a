using Weir.Engine.Kinds;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>Which records stand twice in a case: those of one identity whose content is the same too.</summary>
/// <remarks>
/// <c>weir.identities</c> holds a hash of each record's identity, so that a new source is held against numbers and not against the case. Records whose hash stands twice are read whole and compared by the SHA-256 of their content,
/// which holds the identity; nothing is decided by the hash. Work goes in parts by the hash: memory does not depend on the number of records.
/// </remarks>
internal sealed class RecordIdentities
{
    /// <summary>Code of the remark on records that share what identifies a record, and differ.</summary>
    internal const string SharedRemark = "id-shared";

    // Rows of a part: hashes in one aggregate, contents in one sort; both stay below 32 MB.
    private const int HashesOfPart = 500_000, RecordsOfPart = 100_000;

    private readonly CaseDatabase database;

    public RecordIdentities(CaseDatabase database)
    {
        this.database = database;
        CanonicalJson.Register(database.Connection);
    }

    /// <summary>Takes in the records of new sources, and lists those that stand twice now.</summary>
    /// <param name="places">Where in the case the kind is.</param>
    public void Note(LogKind kind, IReadOnlyList<KindInTable> places, int[] sources)
    {
        if (kind.Identity is null)
            return;
        string own = Sql.Numbers(sources);
        long added = 0;
        foreach (KindInTable place in places)
        {
            var columns = new KindColumns(place.Model, kind);
            string id = columns.Expand(kind.Identity);
            added += database.Execute($"INSERT INTO weir.identities {place.Select(columns, $"md5_number_lower({Sql.Text(kind.Name + "\n")} || {id}), t.source_id, t.row_id", $"t.source_id IN ({own}) AND {id} IS NOT NULL", distinct: false)}");
        }

        database.Execute("CREATE OR REPLACE TEMP TABLE weir_same (hash UBIGINT, source_id INTEGER, row_id BIGINT)");
        long parts = 1 + added / HashesOfPart;
        for (long part = 0; part < parts; part++)
        {
            database.Execute(
                $"""
                INSERT INTO weir_same SELECT hash, source_id, row_id FROM weir.identities WHERE hash % {parts} = {part} AND hash IN (
                    SELECT hash FROM weir.identities WHERE hash % {parts} = {part} AND hash IN (SELECT hash FROM weir.identities WHERE hash % {parts} = {part} AND source_id IN ({own})) GROUP BY hash HAVING count(*) > 1)
                """);
        }

        Compare(kind, places);
        database.Execute("DROP TABLE weir_same");
    }

    /// <summary>Forgets a source, and compares anew what shares an identity with its records.</summary>
    public void Remove(int source, IReadOnlyList<KindInTable> places)
    {
        database.Execute("CREATE OR REPLACE TEMP TABLE weir_gone AS SELECT DISTINCT hash FROM weir.identities WHERE source_id = ?", source);
        database.Execute("DELETE FROM weir.identities WHERE source_id = ?", source);
        database.Execute("DELETE FROM weir.duplicates WHERE source_id = ? OR of_source_id = ?", source, source);
        database.Execute("CREATE OR REPLACE TEMP TABLE weir_same AS SELECT hash, source_id, row_id FROM weir.identities SEMI JOIN weir_gone USING (hash)");
        foreach (IGrouping<LogKind, KindInTable> kind in places.Where(p => p.Kind.Identity is not null).GroupBy(p => p.Kind))
            Compare(kind.Key, [.. kind]);
        database.Execute("DROP TABLE weir_same");
        database.Execute("DROP TABLE weir_gone");
    }

    /// <summary>Compares the records of <c>weir_same</c> that are of a kind.</summary>
    private void Compare(LogKind kind, IReadOnlyList<KindInTable> places)
    {
        long parts = (database.Count("SELECT count(*) FROM weir_same") + RecordsOfPart - 1) / RecordsOfPart;
        for (long part = 0; part < parts; part++)
        {
            string some = $"(SELECT source_id, row_id FROM weir_same WHERE hash % {parts} = {part})";
            string[] contents = [.. places.Select(p =>
            {
                var columns = new KindColumns(p.Model, kind);
                return p.Select(columns, $"t.source_id, t.row_id, unhex(sha256({Content(columns, p.Model)})) AS content", $"(t.source_id, t.row_id) IN {some}", distinct: false);
            })];
            database.Execute(
                $"""
                CREATE OR REPLACE TEMP TABLE weir_groups AS SELECT source_id, row_id, first_value(source_id) OVER w AS first_source, first_value(row_id) OVER w AS first_row,
                    min(content) OVER (PARTITION BY hash) <> max(content) OVER (PARTITION BY hash) AS differs
                FROM weir_same JOIN ({string.Join("\nUNION ALL\n", contents)}) USING (source_id, row_id) WINDOW w AS (PARTITION BY hash, content ORDER BY source_id, row_id)
                """);
            database.Execute("DELETE FROM weir.duplicates d USING weir_groups g WHERE d.source_id = g.source_id AND d.row_id = g.row_id");
            database.Execute("INSERT INTO weir.duplicates SELECT source_id, row_id, first_source, first_row FROM weir_groups WHERE (source_id, row_id) <> (first_source, first_row) ORDER BY ALL");
            database.Execute("DELETE FROM weir.remarks r USING weir_groups g WHERE r.source_id = g.source_id AND r.row_id = g.row_id AND r.code = ?", SharedRemark);
            database.Execute(
                "INSERT INTO weir.remarks SELECT source_id, row_id, NULL, ?, 'records of other content share its identity', NULL FROM weir_groups WHERE differs AND (source_id, row_id) = (first_source, first_row) ORDER BY ALL",
                SharedRemark);
            database.Execute("DROP TABLE weir_groups");
        }
    }

    /// <summary>What a record says, as text: the payload that holds it whole, else every cell with its name, but for what a query or collector added.</summary>
    private static string Content(KindColumns columns, TableModel model)
    {
        LogKind kind = columns.Kind;
        bool splunk = columns.Find([KindLedger.Sourcetype, "_cd", "_bkt"]).Any();
        HashSet<TableColumn> artefacts = [.. columns.Find(kind.Artefacts.Concat(splunk ? Splunk : []))];
        TableColumn? received = columns.Find(["_time"]).FirstOrDefault();
        string otherTime = columns.Time(kind.Time.Where(t => t != "_time"));
        var cells = model.Columns.Where(c => c.Role is ColumnRole.Source or ColumnRole.Extra && !artefacts.Contains(c) && model.BindingsTo(c).Count > 0)
            .Select(c => (Name: ColumnNames.Clean(model.BindingsTo(c)[0].Binding.Original), Text: Text(c))).OrderBy(c => c.Name, StringComparer.Ordinal).ToArray();
        string all = cells.Length == 0 ? "''" : $"concat_ws(chr(30), {string.Join(", ", cells.Select(c => $"{Sql.Text(c.Name + "\u001f")} || {c.Text}"))})";
        string whole = columns.Text(kind.Content);
        return whole.StartsWith("NULL", StringComparison.Ordinal) ? all : $"coalesce({Canonical(whole)}, {all})";

        // As it was read, whatever the column has become among its sources. The time of receipt counts where the record has no other.
        string Text(TableColumn column)
        {
            string text = Canonical($"nullif(({model.BySource(column, (_, b) => b.TextSql())}), '')");
            return column == received ? $"CASE WHEN {otherTime} IS NULL THEN {text} END" : text;
        }

        static string Canonical(string text) => $"CASE WHEN left(ltrim({text}), 1) IN ('{{', '[') THEN {CanonicalJson.Function}({text}) ELSE {text} END";
    }

    // What Splunk adds to a record, and the shell that fetched it before.
    private static readonly string[] Splunk =
    [
        "_bkt", "_cd", "_indextime", "_si", "_serial", "_sourcetype", "_eventtype_color", "source", "sourcetype", "host", "index", "splunk_server", "splunk_server_group", "linecount", "punct", "eventtype", "tag",
        "tag_eventtype", "timeendpos", "timestartpos", "date_hour", "date_mday", "date_minute", "date_month", "date_second", "date_wday", "date_year", "date_zone", "meta",
    ];
}
