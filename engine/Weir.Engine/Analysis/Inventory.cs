using Weir.Engine.Store;

namespace Weir.Engine.Analysis;

/// <summary>Events, first and last seen by host and sourcetype.</summary>
internal static class Inventory
{
    /// <param name="by">Columns to group by instead; tables without any of them are left out.</param>
    /// <exception cref="WeirException">The case has no tables, or no table has such a column.</exception>
    public static Question Of(CaseFile caseFile, IReadOnlyList<string> by)
    {
        IReadOnlyList<CaseTable> tables = CaseTable.All(caseFile);
        if (tables.Count == 0)
            throw new WeirException(caseFile.Path, "the case holds no tables", "", "Land some logs with: weir ingest FILE...");
        return by.Count == 0 ? ByHost(tables) : By(tables, by);
    }

    // Where no event names a host, source and table tell where the events are from.
    private static Question ByHost(IReadOnlyList<CaseTable> tables)
    {
        IEnumerable<string> parts = tables.Select(t =>
        {
            bool hosts = !t.Host.StartsWith("NULL", StringComparison.Ordinal), types = !t.Sourcetype.StartsWith("NULL", StringComparison.Ordinal);
            return
                $"""
                SELECT {(hosts ? t.Host : "'(' || parse_filename(s.uri) || ')'")} AS host, {(types ? t.Sourcetype : Sql.Text($"({t.Name})"))} AS sourcetype, {t.Time} AS time
                FROM {t.QualifiedName} JOIN weir.sources s USING (source_id)
                """;
        });
        return new Question($"SELECT host, sourcetype, count(*) AS events, min(time) AS first, max(time) AS last FROM ({string.Join("\nUNION ALL\n", parts)}) GROUP BY ALL ORDER BY host NULLS LAST, events DESC, sourcetype");
    }

    private static Question By(IReadOnlyList<CaseTable> tables, IReadOnlyList<string> by)
    {
        var parts = new List<string>();
        foreach (CaseTable table in tables)
        {
            string[] columns = [.. by.Select(name => table.Columns.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } column ? CaseTable.TextOf(column) : "NULL::VARCHAR")];
            if (columns.All(c => c.StartsWith("NULL", StringComparison.Ordinal)))
                continue;
            string list = string.Join(", ", columns.Select((c, i) => $"{c} AS {Sql.Name(by[i])}"));
            parts.Add($"SELECT {Sql.Text(table.Name)} AS \"table\", {list}, count(*) AS events, min({table.Time}) AS first, max({table.Time}) AS last FROM {table.QualifiedName} GROUP BY ALL");
        }

        return parts.Count == 0
            ? throw new WeirException($"--by {string.Join(',', by)}", "no table has such a column", "columns as the tables have them", "See them with: weir fields TABLE.")
            : new Question($"SELECT * FROM ({string.Join("\nUNION ALL\n", parts)}) ORDER BY events DESC, 1, 2");
    }
}
