using Weir.Engine.Kinds;
using Weir.Engine.Store;

namespace Weir.Engine.Analysis;

/// <summary>What the ledger says of the rows that a question is over; a filter's own counts are asked of the rows.</summary>
/// <param name="Rows">Rows of the sources concerned.</param>
/// <param name="Logs">What they are: logs, or tables.</param>
/// <param name="Duplicates">Rows that stand in the case a second time. Standard views leave them out, tables do not.</param>
internal sealed record Ledgered(long Rows, IReadOnlyList<string> Logs, long Duplicates)
{
    /// <summary>Tables with rows of no known kind, which the timeline does not have.</summary>
    public IReadOnlyList<(string Table, long Rows)> Unknown { get; private init; } = [];

    /// <summary>Rows without a time that a filter of times leaves out, and the rest of it does not.</summary>
    public long Timeless { get; private init; }

    /// <summary>Of landed tables.</summary>
    public static Ledgered Of(CaseFile caseFile, IReadOnlyList<CaseTable> tables, EventFilter filter)
    {
        string sources = $"FROM weir.sources WHERE state <> 'failed' AND table_name IN ({string.Join(", ", tables.Select(t => Sql.Text(t.Name)))})";
        return new Ledgered(
            caseFile.Database.Count($"SELECT coalesce(sum(rows_landed), 0)::BIGINT {sources}"), [.. tables.Select(t => t.Name)],
            filter.IsEmpty ? caseFile.Database.Count($"SELECT count(*) FROM weir.duplicates WHERE source_id IN (SELECT source_id {sources})")
                : tables.Sum(t => caseFile.Database.Count($"SELECT count(*) FROM (SELECT t.source_id, t.row_id FROM {t.From} WHERE {filter.Condition(caseFile, t)}) SEMI JOIN weir.duplicates USING (source_id, row_id)")))
        {
            Timeless = WithoutTime(caseFile, tables, filter),
        };
    }

    /// <summary>Of a table or view; of a view, only the logs that the filter asks for.</summary>
    public static Ledgered Of(CaseFile caseFile, CaseTable table, EventFilter filter)
    {
        if (table.View is null)
            return Of(caseFile, [table], filter);

        IEnumerable<string> logs = caseFile.Kinds.All.Where(k => table.View == StandardView.Timeline || k.Mappings.Any(m => m.View == table.View)).Select(k => k.Name).Where(name => filter.Logs.Count == 0 || filter.Logs.Contains(name));
        string kinds = $"FROM weir.kinds WHERE kind IN ({string.Join(", ", logs.Append("").Select(Sql.Text))})";
        return new Ledgered(
            caseFile.Database.Count($"SELECT coalesce(sum(rows), 0)::BIGINT {kinds}"), caseFile.Database.Rows($"SELECT DISTINCT kind {kinds} ORDER BY 1", r => r.GetString(0)),
            filter.IsEmpty ? caseFile.Database.Count($"SELECT count(*) FROM weir.duplicates WHERE source_id IN (SELECT source_id {kinds})") : LeftOut(caseFile, table, filter))
        {
            Unknown = table.View == StandardView.Timeline && filter.Logs.Count == 0 ? OfNoKind(caseFile) : [],
            Timeless = WithoutTime(caseFile, [table], filter),
        };
    }

    // What stands a second time is as the first, which the view has.
    private static long LeftOut(CaseFile caseFile, CaseTable view, EventFilter filter) => caseFile.Database.Count("SELECT count(*) FROM weir.duplicates") == 0 ? 0 : caseFile.Database.Count(
        $"SELECT count(*) FROM weir.duplicates d SEMI JOIN (SELECT t.source_id, t.row_id FROM {view.From} WHERE {filter.Condition(caseFile, view)}) v ON v.source_id = d.of_source_id AND v.row_id = d.of_row_id");

    private static long WithoutTime(CaseFile caseFile, IReadOnlyList<CaseTable> tables, EventFilter filter)
    {
        if (!filter.HasTimes)
            return 0;
        EventFilter rest = filter.WithoutTimes;
        return tables.Sum(t => caseFile.Database.Count($"SELECT count(*) FROM {t.From} WHERE {t.Time} IS NULL AND {rest.Condition(caseFile, t)}"));
    }

    private static List<(string, long)> OfNoKind(CaseFile caseFile) => caseFile.Database.Rows(
        """
        SELECT table_name, sum(rows_landed - coalesce(rows, 0))::BIGINT AS unknown FROM weir.sources LEFT JOIN (SELECT source_id, sum(rows) AS rows FROM weir.kinds GROUP BY 1) USING (source_id)
        WHERE state NOT IN ('failed', 'interrupted') GROUP BY 1 HAVING unknown > 0 ORDER BY 1
        """,
        r => (r.GetString(0), r.GetInt64(1)));
}
