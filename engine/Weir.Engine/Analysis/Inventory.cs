using Weir.Engine.Store;

namespace Weir.Engine.Analysis;

/// <summary>Events, first and last seen by host and sourcetype.</summary>
internal static class Inventory
{
    /// <summary>The tables of a case that can answer a filter, and those that cannot: no row of theirs is known to be meant.</summary>
    /// <exception cref="WeirException">The case has no tables, or none of them can.</exception>
    public static (IReadOnlyList<CaseTable> Asked, IReadOnlyList<CaseTable> LeftOut) Tables(CaseFile caseFile, EventFilter filter)
    {
        IReadOnlyList<CaseTable> tables = CaseTable.All(caseFile);
        if (tables.Count == 0)
            throw new WeirException(caseFile.Path, "the case holds no tables", "", "Land some logs with: weir ingest FILE...");
        ILookup<bool, CaseTable> answers = tables.ToLookup(t => filter.Lacking(caseFile, t) is null);
        if (!answers[true].Any())
            filter.Condition(caseFile, tables[0]); // says what it lacks
        return ([.. answers[true]], [.. answers[false]]);
    }

    /// <param name="tables">Tables that can answer the filter.</param>
    /// <param name="filter">Which events.</param>
    /// <param name="by">Columns to group by instead; tables without any of them are left out.</param>
    /// <exception cref="WeirException">No table has such a column.</exception>
    public static Question Of(CaseFile caseFile, IReadOnlyList<CaseTable> tables, EventFilter filter, IReadOnlyList<string> by) =>
        by.Count == 0 ? ByHost(caseFile, tables, filter) : By(caseFile, tables, filter, by);

    // Where no event names a host, source and table tell where the events are from. Each table is counted by itself: its columns' values are few.
    private static Question ByHost(CaseFile caseFile, IReadOnlyList<CaseTable> tables, EventFilter filter)
    {
        IEnumerable<string> parts = tables.Select(t =>
        {
            string counts = $"count(*) AS events, min({t.Time}) AS first, max({t.Time}) AS last FROM {t.From} WHERE {filter.Condition(caseFile, t)} GROUP BY 1, 2";
            string type = CaseTable.IsNull(t.Sourcetype) ? Sql.Text($"({t.Name})") : t.Sourcetype;
            return CaseTable.IsNull(t.Host)
                ? $"SELECT '(' || parse_filename(s.uri) || ')' AS host, g.sourcetype, g.events, g.first, g.last FROM (SELECT source_id, {type} AS sourcetype, {counts}) g JOIN weir.sources s USING (source_id)"
                : $"SELECT {t.Host} AS host, {type} AS sourcetype, {counts}";
        });
        return new Question(
            $"""
            SELECT host, sourcetype, sum(events)::BIGINT AS events, min(first) AS first, max(last) AS last FROM ({string.Join("\nUNION ALL\n", parts)})
            GROUP BY host, sourcetype ORDER BY host NULLS LAST, events DESC, sourcetype
            """);
    }

    private static Question By(CaseFile caseFile, IReadOnlyList<CaseTable> tables, EventFilter filter, IReadOnlyList<string> by)
    {
        var parts = new List<string>();
        foreach (CaseTable table in tables)
        {
            string[] columns = [.. by.Select(name => table.Find(name) is { } column ? CaseTable.TextOf(column) : "NULL::VARCHAR")];
            if (columns.All(CaseTable.IsNull))
                continue;
            string list = string.Join(", ", columns.Select((c, i) => $"{c} AS {Sql.Name(by[i])}"));
            parts.Add($"SELECT {Sql.Text(table.Name)} AS \"table\", {list}, count(*) AS events, min({table.Time}) AS first, max({table.Time}) AS last FROM {table.From} WHERE {filter.Condition(caseFile, table)} GROUP BY ALL");
        }

        string? ofViews = by.FirstOrDefault(name => CaseTable.Of(Kinds.StandardView.Timeline).Find(name) is not null);
        return parts.Count == 0
            ? throw new WeirException($"--by {string.Join(',', by)}", "no table has such a column", "columns as the tables have them",
                ofViews is null ? "See them with: weir fields TABLE." : $"The views have '{ofViews}': weir stack timeline --by {ofViews}. The columns of a table: weir fields TABLE.")
            : new Question($"SELECT * FROM ({string.Join("\nUNION ALL\n", parts)}) ORDER BY events DESC, 1, 2");
    }
}
