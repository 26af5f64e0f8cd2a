using Weir.Engine.Store;

namespace Weir.Engine.Analysis;

/// <summary>What the ledger says of the rows that a question is over, without a look at them.</summary>
/// <param name="Rows">Rows of the sources concerned.</param>
/// <param name="Logs">What they are: logs, or tables.</param>
/// <param name="Duplicates">Rows that stand in the case a second time. Standard views leave them out, tables do not.</param>
internal sealed record Ledgered(long Rows, IReadOnlyList<string> Logs, long Duplicates)
{
    /// <summary>Of landed tables.</summary>
    public static Ledgered Of(CaseFile caseFile, IReadOnlyList<CaseTable> tables)
    {
        string sources = $"FROM weir.sources WHERE state <> 'failed' AND table_name IN ({string.Join(", ", tables.Select(t => Sql.Text(t.Name)))})";
        return new Ledgered(
            caseFile.Database.Count($"SELECT coalesce(sum(rows_landed), 0)::BIGINT {sources}"), [.. tables.Select(t => t.Name)],
            caseFile.Database.Count($"SELECT count(*) FROM weir.duplicates WHERE source_id IN (SELECT source_id {sources})"));
    }

    /// <summary>Of a table or view; of a view, only the logs that the filter asks for.</summary>
    public static Ledgered Of(CaseFile caseFile, CaseTable table, EventFilter filter)
    {
        if (table.View is null)
            return Of(caseFile, [table]);

        // A view over logs names each of them in its text, as the value of its column log; the timeline is over the other views, and so over all.
        string wanted = filter.Logs.Count == 0 ? "" : $"kind IN ({string.Join(", ", filter.Logs.Select(Sql.Text))}) AND ";
        string kinds = $"FROM weir.kinds k WHERE kind IS NOT NULL AND {wanted}({Sql.Text(table.Name)} = 'timeline' OR EXISTS (SELECT 1 FROM duckdb_views() d WHERE d.database_name = {Sql.Text(CaseDatabase.Alias)} AND d.schema_name = 'main' AND d.view_name = {Sql.Text(table.Name)} AND contains(d.sql, '''' || k.kind || '''')))";
        return new Ledgered(
            caseFile.Database.Count($"SELECT coalesce(sum(rows), 0)::BIGINT {kinds}"), caseFile.Database.Rows($"SELECT DISTINCT kind {kinds} ORDER BY 1", r => r.GetString(0)),
            caseFile.Database.Count($"SELECT count(*) FROM weir.duplicates WHERE source_id IN (SELECT source_id {kinds})"));
    }
}
