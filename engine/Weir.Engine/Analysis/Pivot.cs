using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Engine.Analysis;

/// <summary>Everywhere a value occurs: cells of every table, decoded texts, what was wrong with rows, and what was no row.</summary>
/// <remarks>Without regard to case. A row counts once in each column that holds the value; "decoded only" are rows in which it stands in no plain text.</remarks>
internal static class Pivot
{
    // Beside the case, which is open for reading only: what was found answers several questions and is looked for once.
    private const string Found = "memory.main.weir_found";

    /// <summary>Events by host, table and column.</summary>
    public static Question ByHost { get; } = new(
        $"""
        SELECT host, CASE WHEN count(DISTINCT "user") > 1 THEN count(DISTINCT "user") || ' users' ELSE any_value("user") END AS "user", "table", "column",
            count(*) AS events, count(*) FILTER (NOT plain) AS "decoded only", min(time) AS first, max(time) AS last
        FROM {Found} GROUP BY host, "table", "column" ORDER BY events DESC, "table", "column", host
        """);

    /// <summary>The same for a screen: table and column in one, times in whole seconds.</summary>
    public static Question OnScreen { get; } = new(
        $"""
        SELECT host, "user", "table" || '.' || "column" AS "where", events, "decoded only" AS decoded, date_trunc('second', first) AS first, date_trunc('second', last) AS last
        FROM ({ByHost.Sql}) ORDER BY events DESC, "where", host
        """);

    /// <summary>The rows, in order of time.</summary>
    public static Question Rows { get; } = new(
        $"""
        SELECT time, host, "user", "table", string_agg(DISTINCT "column", ', ' ORDER BY "column") AS columns, bool_and(NOT plain) AS "decoded only", source_id || ':' || row_id AS row
        FROM {Found} GROUP BY time, host, "user", "table", source_id, row_id ORDER BY time NULLS LAST, source_id, row_id
        """);

    /// <summary>Looks for a value: one line a row and column, with what the row says of time, host and user. The questions are over what was found last.</summary>
    /// <returns>Distinct events, and the tables they are in.</returns>
    public static (long Events, long Tables) Find(CaseFile caseFile, string value)
    {
        caseFile.Database.Execute($"CREATE OR REPLACE TABLE {Found} AS WITH {Matches(CaseTable.All(caseFile))} SELECT * FROM found", value);
        return caseFile.Database.Rows($"""SELECT count(DISTINCT (source_id, row_id)), count(DISTINCT "table") FROM {Found}""", r => (r.GetInt64(0), r.GetInt64(1)))[0];
    }

    /// <summary>The CTEs that end in <c>found</c>.</summary>
    private static string Matches(IReadOnlyList<CaseTable> tables)
    {
        var parts = new List<string>();
        foreach (CaseTable table in tables)
        {
            string[] cells = [.. table.Columns.Where(c => c.Role is not (ColumnRole.Asn or ColumnRole.Organisation)).Select(c =>
                $"SELECT source_id, row_id, {Sql.Text(c.Name)} AS \"column\", true AS plain FROM {table.QualifiedName} WHERE {Contains(c)}")];
            string from = Sql.Text(table.Name);
            parts.Add(
                $"""
                SELECT {from} AS "table", m."column", m.source_id, m.row_id, {table.Time} AS time, {table.Host} AS host, {table.User} AS "user", m.plain
                FROM ({string.Join("\nUNION ALL\n", cells)}
                    UNION ALL SELECT * FROM encoded WHERE source_id IN (SELECT source_id FROM weir.sources WHERE table_name = {from})) m
                JOIN {table.QualifiedName} USING (source_id, row_id)
                """);
        }

        // Rejects have no row, remarks may keep what the landed row does not show. Bytes are compared as they are.
        const string raw = "regexp_matches(hex(raw), '^(?:..)*?' || hex(encode($1)))";
        parts.Add($"""SELECT 'weir.remarks', coalesce(column_name, ''), source_id, row_id, NULL::TIMESTAMPTZ, NULL::VARCHAR, NULL::VARCHAR, true FROM weir.remarks WHERE {raw}""");
        parts.Add($"""SELECT 'weir.rejects', 'raw', source_id, row_id, NULL::TIMESTAMPTZ, NULL::VARCHAR, NULL::VARCHAR, true FROM weir.rejects WHERE {raw}""");
        return
            $"""
            encoded AS (SELECT source_id, row_id, column_name || ' (decoded)' AS "column", false AS plain FROM weir.decoded WHERE contains(lower(text), lower($1)) AND table_name NOT LIKE 'weir.%' GROUP BY ALL),
            hits AS ({string.Join("\nUNION ALL\n", parts)}),
            found AS (SELECT * REPLACE (plain OR bool_or(plain) OVER (PARTITION BY source_id, row_id) AS plain) FROM hits AS h("table", "column", source_id, row_id, time, host, "user", plain))
            """;
    }

    private static string Contains(TableColumn column)
    {
        string name = Sql.Name(column.Name);
        return column.Type switch
        {
            ColumnType.Varchar => $"contains(lower({name}), lower($1))",
            ColumnType.VarcharList => $"contains(lower(array_to_string({name}, chr(10))), lower($1))",
            ColumnType.BigInt => $"{name} = try_cast($1 AS BIGINT)",
            ColumnType.Double => $"{name} = try_cast($1 AS DOUBLE)",
            ColumnType.TimestampTz => $"contains({name}::VARCHAR, $1)",
            _ => $"{name}::VARCHAR = lower($1)",
        };
    }
}
