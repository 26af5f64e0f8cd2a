using DuckDB.NET.Data;
using Weir.Engine.Store;

namespace Weir.Engine.Analysis;

/// <summary>What was found of a value.</summary>
/// <param name="Events">Rows of tables that hold it, in cells, decoded text or remarks.</param>
/// <param name="Tables">Tables these are in.</param>
/// <param name="Twice">Of these rows, those that stand in the case a second time.</param>
/// <param name="Rejects">Rejects that hold it.</param>
internal sealed record PivotFinds(long Events, long Tables, long Twice, long Rejects);

/// <summary>Everywhere a value occurs: cells of every table, decoded texts, what was wrong with rows, and what was no row.</summary>
/// <remarks>
/// <para>Text holds it anywhere, without regard to case; numbers, times and booleans are it. A pattern is held against the text of them all.</para>
/// <para>A row counts once in each column that holds the value; "decoded only" are rows in which it stands in no plain text.</para>
/// </remarks>
internal static class Pivot
{
    // Beside the case, which is open for reading only: what was found answers several questions and is looked for once.
    private const string Found = "memory.main.weir_found", Aside = "memory.main.weir_found_aside";

    private const string Rejects = "weir.rejects", Remarks = "weir.remarks";

    private const string Each = $"(SELECT * EXCLUDE columns, unnest(columns) AS \"column\" FROM {Found})";

    /// <summary>Events by host, table and column.</summary>
    public static Question ByHost { get; } = new(
        $"""
        SELECT host, CASE WHEN count(DISTINCT lower("user")) > 1 THEN count(DISTINCT lower("user")) || ' users' ELSE any_value("user") END AS "user", "table", "column",
            count(*) AS events, count(*) FILTER (NOT plain) AS "decoded only", min(time) AS first, max(time) AS last
        FROM {Each} GROUP BY host, "table", "column" ORDER BY events DESC, "table", "column", host
        """);

    /// <summary>The same for a screen: table and column in one and first, times in whole seconds.</summary>
    public static Question OnScreen { get; } = new(
        $"""
        SELECT "table" || '.' || "column" AS "where", host, events, "decoded only" AS decoded, date_trunc('second', first) AS first, date_trunc('second', last) AS last, "user"
        FROM ({ByHost.Sql}) ORDER BY events DESC, "where", host
        """);

    /// <summary>The rows, in order of time.</summary>
    public static Question Rows { get; } = new(
        $"""
        SELECT time, host, "user", "table", string_agg(DISTINCT "column", ', ' ORDER BY "column") AS columns, bool_and(NOT plain) AS "decoded only", source_id || ':' || row_id AS row
        FROM {Each} GROUP BY time, host, "user", "table", source_id, row_id ORDER BY time NULLS LAST, source_id, row_id, "table"
        """);

    /// <summary>Tables that can answer a filter, and those that cannot.</summary>
    /// <exception cref="WeirException">The case has tables, and none of them can.</exception>
    public static (IReadOnlyList<CaseTable> Asked, IReadOnlyList<CaseTable> LeftOut) Tables(CaseFile caseFile, EventFilter filter) =>
        CaseTable.All(caseFile).Count == 0 ? ([], []) : Inventory.Tables(caseFile, filter);

    /// <summary>Looks for a value: one line a row, with its columns and what it says of time, host and user. The questions are over what was found last.</summary>
    /// <remarks>Rejects have no row that could answer a filter: with one they are left out.</remarks>
    /// <exception cref="WeirException">The pattern is none.</exception>
    public static async Task<PivotFinds> FindAsync(CaseFile caseFile, PivotValue value, IReadOnlyList<CaseTable> tables, EventFilter filter, CancellationToken cancellationToken)
    {
        CaseDatabase database = caseFile.Database;
        if (value.IsPattern)
            Check(database, value.Text);
        database.Execute($"CREATE OR REPLACE TABLE {Found} (\"table\" VARCHAR, columns VARCHAR[], source_id INTEGER, row_id BIGINT, time TIMESTAMPTZ, host VARCHAR, \"user\" VARCHAR, plain BOOLEAN)");

        // What stands beside the tables first: it is little, and says which rows to look up.
        await caseFile.ExecuteAsync(
            $"""
            CREATE OR REPLACE TABLE {Aside} AS
            SELECT CASE WHEN table_name IN ('{Remarks}', '{Rejects}') THEN table_name END AS "table", source_id, row_id, list(DISTINCT column_name || ' (decoded)') AS columns, false AS plain
                FROM weir.decoded WHERE {value.InText("text")} GROUP BY ALL
            UNION ALL SELECT '{Remarks}', source_id, row_id, list(DISTINCT coalesce(column_name, '')), true FROM weir.remarks WHERE {value.InBytes("raw")} GROUP BY source_id, row_id
            UNION ALL SELECT '{Rejects}', source_id, row_id, ['raw'], true FROM weir.rejects WHERE {value.InBytes("raw")}
            """,
            cancellationToken, value.Text);
        foreach (CaseTable table in tables)
            await FindAsync(caseFile, value, table, filter.Condition(caseFile, table), cancellationToken);
        if (filter.IsEmpty)
        {
            // A remark may be of what became no row.
            await caseFile.ExecuteAsync(
                $"""
                INSERT INTO {Found} SELECT a."table", a.columns, a.source_id, a.row_id, NULL, NULL, NULL, a.plain FROM {Aside} a
                WHERE a."table" = '{Rejects}' OR (a."table" = '{Remarks}' AND NOT EXISTS (SELECT 1 FROM {Found} f WHERE f."table" = '{Remarks}' AND f.source_id = a.source_id AND f.row_id IS NOT DISTINCT FROM a.row_id AND f.plain = a.plain))
                """,
                cancellationToken);
        }

        database.Execute($"UPDATE {Found} SET plain = true WHERE NOT plain AND (source_id, row_id) IN (SELECT source_id, row_id FROM {Found} WHERE plain AND row_id IS NOT NULL AND \"table\" <> '{Rejects}')");
        string events = $"SELECT DISTINCT source_id, row_id FROM {Found} WHERE \"table\" <> '{Rejects}'";
        return new PivotFinds(
            database.Count($"SELECT count(*) FROM ({events})"),
            database.Count($"SELECT count(DISTINCT table_name) FROM weir.sources WHERE source_id IN (SELECT source_id FROM ({events}))"),
            database.Count($"SELECT count(*) FROM ({events}) SEMI JOIN weir.duplicates USING (source_id, row_id)"),
            database.Count($"SELECT count(*) FROM (SELECT DISTINCT source_id, row_id FROM {Found} WHERE \"table\" = '{Rejects}')"));
    }

    /// <summary>One pass over a table, and one over the places of the rows that were found beside it.</summary>
    private static async Task FindAsync(CaseFile caseFile, PivotValue value, CaseTable table, string where, CancellationToken cancellationToken)
    {
        // AS numbers and organisations are of the addresses, not of the event. A value out of a cell stands in it, or is kept beside it.
        var tests = table.Columns.Where(c => c.Role is not (ColumnRole.Asn or ColumnRole.Organisation) && (c.Derivation is null || CellsOf(c)?.Values is not null))
            .Select(c => (Column: c, c.Name, Holds: value.In(c))).Where(t => t.Holds is not null).ToArray();
        string[] holds = [.. tests.Where(t => t.Column.Derivation is null).Select(t => t.Holds!), .. table.Columns.Where(c => c.Values is not null).Select(c => $"len(list_filter({PayloadSql.AllKept(Sql.Name(c.Values!.Name))}, lambda v: {value.InText("v")})) > 0")];
        string name = Sql.Text(table.Name), event_ = $"{table.Time}, {table.Host}, {table.User}";

        // greatest() and not OR: behind the first test OR looks at chosen rows one by one, where a column that lies as a dictionary is else tested a value.
        // The columns are told of the rows that are left only.
        if (tests.Length > 0)
        {
            string columns = string.Join(", ", tests.Select(t => $"CASE WHEN {Told(t.Column, t.Holds!)} THEN {Sql.Text(t.Name)} END"));
            await caseFile.ExecuteAsync(
                $"""
                INSERT INTO {Found} SELECT {name}, list_filter([{columns}], lambda c: c IS NOT NULL), source_id, row_id, {event_}, true
                FROM {table.From} WHERE ({where}) AND greatest($1 IS NULL, {string.Join(", ", holds)})
                """,
                cancellationToken, value.Text);
        }

        string own = $"source_id IN (SELECT source_id FROM weir.sources WHERE table_name = {name})";

        // A value that was read out of a cell is told of only where the cell itself does not hold it: JSON and XML write some characters otherwise.
        string Told(TableColumn column, string holds) =>
            CellsOf(column) is { } cells && value.In(cells) is { } around ? $"{holds} AND NOT coalesce({around}, false)" : holds;

        TableColumn? CellsOf(TableColumn column) => table.Columns.FirstOrDefault(cells => cells.Payload.Contains(column));

        if (caseFile.Database.Count($"SELECT count(*) FROM {Aside} WHERE {own} AND row_id IS NOT NULL AND \"table\" IS DISTINCT FROM '{Rejects}'") == 0)
            return;
        await caseFile.ExecuteAsync(
            $"""
            INSERT INTO {Found} SELECT coalesce(a."table", {name}), a.columns, source_id, row_id, e.time, e.host, e."user", a.plain
            FROM (SELECT source_id, row_id, {table.Time} AS time, {table.Host} AS host, {table.User} AS "user" FROM {table.From} WHERE {where}) e
            JOIN (SELECT * FROM {Aside} WHERE {own} AND "table" IS DISTINCT FROM '{Rejects}') a USING (source_id, row_id)
            """,
            cancellationToken);
    }

    private static void Check(CaseDatabase database, string pattern)
    {
        try
        {
            database.Scalar("SELECT regexp_matches('', $1, 'i')", pattern);
        }
        catch (DuckDBException e)
        {
            string why = e.Message.Split('\n')[0].Replace("Invalid Input Error: ", "", StringComparison.Ordinal);
            throw new WeirException("--regex VALUE", $"it is no pattern ({why})", "a pattern of RE2, which has no look-around and no references back", "Mend it, or leave --regex out to look for the text as it is.", e);
        }
    }
}
