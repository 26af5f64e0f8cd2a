using System.Globalization;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Engine.Analysis;

/// <summary>What each column of a table holds: type, how much of it is empty, distinct values, the most frequent, the ends.</summary>
/// <remarks>
/// A column is read once and counted by its values; all that is told of it comes from these counts. Column by column, because each may
/// have as many values as rows: the counts of one are in memory at a time.
/// </remarks>
internal static class FieldSummary
{
    private const int Top = 3;

    // So many rows of a view are made once rather than for every column.
    private const long FewRows = 200_000;

    // Beside the case, which is open for reading only.
    private const string Found = "memory.main.weir_fields", Chosen = "memory.main.weir_chosen";

    private const string Lines = """ "column", type, "null %", "distinct", "top values", min, max """;

    /// <summary>A line a column, as measured last.</summary>
    public static Question All { get; } = new($"SELECT {Lines} FROM {Found} ORDER BY place");

    /// <summary>The same without columns that hold nothing, or one value throughout.</summary>
    public static Question Telling { get; } = new($"SELECT {Lines} FROM {Found} WHERE NOT blank AND NOT constant ORDER BY place");

    /// <summary>Measures the columns of a table over some of its rows. The questions are over what was measured last.</summary>
    /// <returns>How many rows there were, and which columns say nothing: those without a value, and those with one, which is told.</returns>
    public static async Task<(long Rows, IReadOnlyList<string> Blank, IReadOnlyList<(string Column, string Value)> Constant)> MeasureAsync(
        CaseFile caseFile, CaseTable table, string? where, CancellationToken cancellationToken)
    {
        await caseFile.ExecuteAsync(
            $"CREATE OR REPLACE TABLE {Found} (place INTEGER, \"column\" VARCHAR, type VARCHAR, \"null %\" DOUBLE, \"distinct\" BIGINT, \"top values\" VARCHAR, min VARCHAR, max VARCHAR, rows BIGINT, blank BOOLEAN, constant BOOLEAN)", cancellationToken);
        string from = table.From;
        if (where is not null || (table.View is not null && caseFile.Database.Count("SELECT coalesce(sum(rows), 0)::BIGINT FROM weir.kinds") <= FewRows))
        {
            // A filter, or what a view does, costs more than the columns do: it is asked once.
            await caseFile.ExecuteAsync($"CREATE OR REPLACE TABLE {Chosen} AS SELECT * FROM {from} WHERE {where ?? "true"}", cancellationToken);
            from = Chosen;
        }

        for (int i = 0; i < table.Columns.Count; i++)
            await caseFile.ExecuteAsync($"INSERT INTO {Found} {Column(from, table.Columns[i], i)}", cancellationToken);
        if (from == Chosen)
            await caseFile.ExecuteAsync($"DROP TABLE {Chosen}", cancellationToken);
        long rows = caseFile.Database.Count($"SELECT coalesce(max(rows), 0) FROM {Found}");
        return (
            rows,
            caseFile.Database.Rows($"SELECT \"column\" FROM {Found} WHERE blank ORDER BY place", r => r.GetString(0)),
            caseFile.Database.Rows($"SELECT \"column\", min FROM {Found} WHERE constant ORDER BY place", r => (r.GetString(0), r.GetString(1))));
    }

    /// <summary>One line. Values of a list count one by one; NULL and the empty text are empty. Only where all or none is, the share is 100 or 0.</summary>
    private static string Column(string from, TableColumn column, int place)
    {
        string name = Sql.Name(column.Name);
        bool list = column.Type is ColumnType.VarcharList or ColumnType.BigIntList;
        // Of the counts, not of the rows: a column that lies as a dictionary is grouped by it only as it stands. Not for other types: DuckDB 1.5 casts the '' to a time.
        string value = column.Type is ColumnType.Varchar or ColumnType.VarcharList ? "nullif(v, '')" : "v";
        string type = column.Type == ColumnType.TimestampTz ? "TIMESTAMPTZ" : TypedSql.Name(column.Type);
        string size = list ? $"(SELECT struct_pack(n := count(*), empty := count(*) - count({name})) FROM {from})" : "c.size";
        // Values that occur once are by far the most where a column has many: the pairs that say which are frequent cost as much as the rest.
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SELECT {place}, {Sql.Text(column.Name)}, '{type}', CASE WHEN size.empty = 0 THEN 0 WHEN size.empty = size.n THEN 100 ELSE greatest(0.1, least(99.9, round(100.0 * size.empty / size.n, 1))) END,
                "distinct", nullif(array_to_string(list_transform(list_concat(coalesce(often, []), coalesce(once, []))[:{Top}], lambda t: left(t.v::VARCHAR, 60) || ' (' || t.n || ')'), ', '), ''), left(low::VARCHAR, 60), left(high::VARCHAR, 60),
                size.n, size.empty = size.n AND "distinct" = 0, size.n > 1 AND size.empty = 0 AND "distinct" = 1
            FROM (SELECT {size} AS size, c.* EXCLUDE (size) REPLACE (list_transform(once, lambda v: struct_pack(v := v, n := 1::BIGINT)) AS once) FROM (
                SELECT struct_pack(n := coalesce(sum(n), 0)::BIGINT, empty := coalesce(sum(n) FILTER (v IS NULL), 0)::BIGINT) AS size, count(v) AS "distinct", min(v) AS low, max(v) AS high,
                    min_by(struct_pack(v := v, n := n), struct_pack(a := -n, b := v), {Top}) FILTER (v IS NOT NULL AND n > 1) AS often, min(v, {Top}) FILTER (n = 1) AS once
                FROM (SELECT {value} AS v, n FROM (SELECT v, count(*) AS n FROM (SELECT {(list ? $"unnest({name})" : name)} AS v FROM {from}) GROUP BY v))) c)
            """);
    }
}
