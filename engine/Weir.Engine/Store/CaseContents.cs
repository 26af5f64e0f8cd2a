namespace Weir.Engine.Store;

/// <summary>What the case holds already, as far as the choice of a table depends on it.</summary>
/// <param name="Tables">Every table and view of schema main.</param>
/// <param name="Files">Sources of which something landed or may have, newest first.</param>
/// <param name="Headers">Per table the header sets of its sources: their distinct original names; <see cref="Open"/> for those that find their columns as they go, whose names are no set.</param>
internal sealed record CaseContents(IReadOnlySet<string> Tables, IReadOnlyList<LandedFile> Files, ILookup<string, IReadOnlyList<string>> Headers)
{
    /// <summary>Stands for the header set of every source of open columns.</summary>
    public static IReadOnlyList<string> Open { get; } = ["\u0001"];

    /// <summary>A case that is still to be made.</summary>
    public static CaseContents None { get; } = new(new HashSet<string>(), [], Array.Empty<string>().ToLookup(t => t, _ => (IReadOnlyList<string>)[]));

    public static CaseContents Of(CaseDatabase database) => new(
        database.Rows(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = $1 AND schema_name = 'main' UNION ALL SELECT view_name FROM duckdb_views() WHERE database_name = $1 AND schema_name = 'main'",
            r => r.GetString(0), CaseDatabase.Alias).ToHashSet(StringComparer.OrdinalIgnoreCase),
        database.Rows(
            "SELECT uri, fingerprint, table_name FROM weir.sources WHERE state <> 'failed' ORDER BY source_id DESC",
            r => new LandedFile(r.GetString(0), r.IsDBNull(1) ? null : r.GetString(1), r.GetString(2))),
        database.Rows(
            """
            WITH open AS (SELECT source_id, table_name FROM weir.sources WHERE state <> 'failed' AND (checkpoint->>'$.open') = 'true'),
                fixed AS (SELECT table_name, list_sort(list(DISTINCT original_name)) AS names FROM weir.columns
                    WHERE role = 'source' AND source_id NOT IN (SELECT source_id FROM open) GROUP BY source_id, table_name)
            SELECT DISTINCT table_name, names FROM fixed UNION ALL SELECT DISTINCT table_name, NULL FROM open
            """,
            r => (Table: r.GetString(0), Names: r.IsDBNull(1) ? Open : r.GetFieldValue<List<string>>(1))).ToLookup(h => h.Table, h => h.Names, StringComparer.OrdinalIgnoreCase));
}

/// <summary>A source and the table it landed in.</summary>
internal sealed record LandedFile(string Uri, string? Fingerprint, string Table);
