using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Engine.Analysis;

/// <summary>What each column of a table holds: type, how much of it is empty, distinct values, the most frequent, the ends.</summary>
internal static class FieldSummary
{
    private const int Top = 3;

    public static Question Of(CaseTable table) =>
        new($"SELECT * EXCLUDE (place) FROM ({string.Join("\nUNION ALL\n", table.Columns.Select((column, i) => Column(table, column, i)))}) ORDER BY place");

    /// <summary>One line. Values of a list count one by one; NULL and the empty text are empty. Only where all or none is, the share is 100 or 0.</summary>
    private static string Column(CaseTable table, TableColumn column, int place)
    {
        string name = Sql.Name(column.Name);
        string value = column.Type is ColumnType.VarcharList or ColumnType.BigIntList ? $"unnest({name})" : name;
        string filled = column.Type == ColumnType.Varchar ? $"nullif({name}, '')" : name;
        // Not for other types: DuckDB 1.5 casts the '' of time::VARCHAR <> '' to a time, and then no row qualifies.
        string present = column.Type is ColumnType.Varchar or ColumnType.VarcharList ? "v IS NOT NULL AND v <> ''" : "v IS NOT NULL";
        string type = column.Type == ColumnType.TimestampTz ? "TIMESTAMPTZ" : TypedSql.Name(column.Type);
        return
            $"""
            (WITH counted AS (SELECT v::VARCHAR AS v, any_value(v) AS w, count(*) AS n FROM (SELECT {value} AS v FROM {table.QualifiedName}) WHERE {present} GROUP BY 1),
                size AS (SELECT count(*) AS n, count(*) - count({filled}) AS empty FROM {table.QualifiedName})
            SELECT {place} AS place, {Sql.Text(column.Name)} AS "column", '{type}' AS type,
                (SELECT CASE WHEN empty = 0 THEN 0 WHEN empty = n THEN 100 ELSE greatest(0.1, least(99.9, round(100.0 * empty / n, 1))) END FROM size) AS "null %",
                (SELECT count(*) FROM counted) AS "distinct",
                (SELECT string_agg(left(v, 60) || ' (' || n || ')', ', ' ORDER BY n DESC, v) FROM (SELECT v, n FROM counted ORDER BY n DESC, v LIMIT {Top})) AS "top values",
                (SELECT left(min(w)::VARCHAR, 60) FROM counted) AS min, (SELECT left(max(w)::VARCHAR, 60) FROM counted) AS max)
            """;
    }
}
