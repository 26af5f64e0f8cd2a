using Weir.Engine.Store;

namespace Weir.Engine.Kinds;

/// <summary>What the rows of a landed table say of their events: each as its kind of log has it in the standard views, so that tables and views answer alike; rows of no kind by names of columns that are usual.</summary>
/// <remarks>Its SQL calls the table <c>t</c>.</remarks>
internal sealed class TableEvents
{
    private static readonly string[] UserColumns = ["user", "to_user", "recipient", "user_id"];

    private readonly KindInTable[] kinds;
    private readonly bool whole;
    private readonly HashSet<string> complete;

    private TableEvents(IEnumerable<KindInTable> kinds, bool whole, IEnumerable<string> complete)
    {
        this.kinds = [.. kinds];
        this.whole = whole;
        this.complete = [.. complete];
    }

    /// <summary>Of rows of which no kind says anything.</summary>
    public static TableEvents None { get; } = new([], whole: false, []);

    /// <summary>Of a table.</summary>
    /// <param name="kinds">The kinds in it.</param>
    public static TableEvents Of(CaseDatabase database, string table, IEnumerable<KindInTable> kinds) => new(kinds, database.Count(
        "SELECT count(*) FROM weir.sources s LEFT JOIN (SELECT source_id, sum(rows) AS rows FROM weir.kinds GROUP BY 1) k USING (source_id) WHERE s.state <> 'failed' AND s.table_name = ? AND s.rows_landed <> coalesce(k.rows, 0)", table) == 0,
        database.Rows(
            """
            SELECT column_name FROM weir.columns c JOIN weir.sources s USING (source_id, table_name) WHERE c.table_name = $1 AND c.role = 'source' AND c.type LIKE 'TIMESTAMP%' AND s.state <> 'failed'
            GROUP BY 1 HAVING bool_and(c.filled = s.rows_landed AND c.misfits = 0) AND count(*) = (SELECT count(*) FROM weir.sources WHERE table_name = $1 AND state <> 'failed')
            """,
            r => r.GetString(0), table));

    /// <summary>SQL of the event's time.</summary>
    /// <param name="usual">That of rows of no kind (of host and user also of those whose kind finds none); NULL where there is none.</param>
    public string Time(string usual) => Each((kind, columns) => kind.Kind.Mappings.Select(m => m.Columns.GetValueOrDefault("time")).OfType<string>().Select(columns.Expand).Append(First(columns.TimesOf(kind.Kind.Time))), usual, "TIMESTAMPTZ");

    /// <summary>SQL of the host.</summary>
    /// <inheritdoc cref="Time" path="/param"/>
    public string Host(string usual) => Mapped("host", usual);

    /// <summary>SQL of the user.</summary>
    /// <inheritdoc cref="Time" path="/param"/>
    public string User(string usual) => Mapped("user", usual);

    /// <summary>SQL condition: the event names one of some users; null where no kind names any.</summary>
    /// <param name="names">SQL list of names in small letters.</param>
    public string? NamesUser(string names)
    {
        string[] events = [.. kinds.SelectMany(kind => kind.Kind.Mappings.Where(m => UserColumns.Any(m.Columns.ContainsKey)).Select(m =>
            $"SELECT source_id, row_id FROM ({KindViews.Part(kind, m, distinct: false)}) WHERE {string.Join(" OR ", UserColumns.Where(m.Columns.ContainsKey).Select(c => $"lower({Sql.Name(c)}) IN ({names})"))}"))];
        return events.Length == 0 ? null : $"(t.source_id, t.row_id) IN ({string.Join(" UNION ALL ", events)})";
    }

    // What stands behind a column that every row has a time in is never asked.
    private string First(IEnumerable<(TableColumn Column, string Sql)> times)
    {
        var asked = new List<string>();
        foreach (var (column, sql) in times)
        {
            asked.Add(sql);
            if (complete.Contains(column.Name))
                break;
        }

        return KindColumns.First(asked, "TIMESTAMPTZ");
    }

    private string Mapped(string column, string usual) => Each((kind, columns) => kind.Kind.Mappings.Select(m => m.Columns.GetValueOrDefault(column)).OfType<string>().Select(columns.Expand), usual, "VARCHAR");

    // Where all rows are of one kind, nothing has to be asked row by row.
    private string Each(Func<KindInTable, KindColumns, IEnumerable<string>> own, string usual, string type)
    {
        string none = $"NULL::{type}";
        var cases = new List<(string Condition, string Value)>();
        foreach (KindInTable kind in kinds)
        {
            var columns = new KindColumns(kind.Model, kind.Kind);
            string[] values = [.. own(kind, columns).Where(v => v != none).Distinct()];
            if (values.Length > 0)
                cases.Add((kind.Condition(columns), KindColumns.First(values, type)));
        }

        if (cases.Count == 0)
            return usual;
        if (whole && kinds.Length == 1)
            return type == "TIMESTAMPTZ" || usual == none || usual == cases[0].Value ? cases[0].Value : KindColumns.First([cases[0].Value, usual], type);
        string rest = usual == none ? "" : $" ELSE {usual}", each = string.Join(' ', cases.Select(c => $"WHEN {c.Condition} THEN {c.Value}"));
        // A time is the view's, or none; a name that the kind does not find may stand elsewhere.
        return type == "TIMESTAMPTZ" || usual == none ? $"CASE {each}{rest} END" : KindColumns.First([$"CASE {each} END", usual], type);
    }
}
