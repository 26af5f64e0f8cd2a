using Weir.Engine.Store;

namespace Weir.Cli.Tests.Landing;

/// <summary>What a case holds, free of physical order: count, distinct count and hash of whole rows per table, and the columns in order.</summary>
internal static class CaseDump
{
    private static readonly string[] Ledger =
    [
        "SELECT source_id, row_id, column_name, code, detail, raw FROM weir.remarks",
        "SELECT * FROM weir.rejects",
        "SELECT * FROM weir.ioc_hits",
        "SELECT * FROM weir.decoded",
        "SELECT * FROM weir.columns",
        "SELECT source_id, uri, table_name, connector, sha256, bytes, fingerprint, rows_read, rows_landed, rows_rejected, state, missing, options::VARCHAR FROM weir.sources",
        "SELECT source_id, min(first_row), sum(rows), (sum(rows_hash::HUGEINT) % 18446744073709551616::HUGEINT)::VARCHAR FROM weir.batches GROUP BY ALL",
    ];

    /// <param name="emptyIsNull">The quoted empty string counts as NULL.</param>
    public static async Task<string> OfAsync(string path, bool emptyIsNull = false)
    {
        await using CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { ReadOnly = true });
        CaseDatabase database = caseFile.Database;
        var lines = new List<string>();
        foreach (string table in database.Rows(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'main' ORDER BY 1", r => r.GetString(0), CaseDatabase.Alias))
        {
            List<(string Name, string Type)> columns = database.Rows(
                "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = ? AND schema_name = 'main' AND table_name = ? ORDER BY column_index",
                r => (r.GetString(0), r.GetString(1)), CaseDatabase.Alias, table);
            lines.Add(table + ": " + string.Join(", ", columns.Select(c => $"{c.Name} {c.Type}")));
            lines.Add(Sum(database, $"SELECT {string.Join(", ", columns.Select(c => emptyIsNull && c.Type == "VARCHAR" ? $"nullif({Sql.Name(c.Name)}, '')" : Sql.Name(c.Name)))} FROM main.{Sql.Name(table)}"));
        }

        foreach (string query in Ledger)
            lines.Add(query.Split("FROM ")[1] + ": " + Sum(database, query));
        return string.Join('\n', lines);
    }

    /// <summary>Faults that a recount finds.</summary>
    public static async Task<string> FaultsAsync(string path)
    {
        await using CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { ReadOnly = true });
        var faults = new List<string>();
        await foreach (SourceVerification source in caseFile.VerifyAsync(default))
            faults.AddRange(source.Faults);
        return string.Join("; ", faults);
    }

    /// <summary>The first cell in which two cases with equal columns differ.</summary>
    public static async Task<string> DifferenceAsync(string expected, string found, bool emptyIsNull = false)
    {
        await using CaseFile one = await CaseFile.OpenAsync(expected, new CaseOptions { ReadOnly = true }), other = await CaseFile.OpenAsync(found, new CaseOptions { ReadOnly = true });
        foreach (var (table, column, key) in one.Database.Rows(
            "SELECT schema_name || '.\"' || table_name || '\"', column_name, schema_name = 'main' FROM duckdb_columns() WHERE database_name = ? AND schema_name IN ('main', 'weir') ORDER BY 1, column_index",
            r => (r.GetString(0), r.GetString(1), r.GetBoolean(2)), CaseDatabase.Alias))
        {
            if (column is "started_at" or "finished_at" or "checkpoint" or "uri" || table.Contains("batches", StringComparison.Ordinal) || table.Contains("ioc", StringComparison.Ordinal))
                continue;
            string place = key ? "source_id || ':' || row_id" : table.Contains("columns", StringComparison.Ordinal) ? "source_id || ':' || column_name" : "''";
            string text = key && emptyIsNull ? $"nullif({Sql.Name(column)}::VARCHAR, '')" : $"{Sql.Name(column)}::VARCHAR";
            string query = $"SELECT {place}, {text} FROM {table} ORDER BY ALL";
            List<string> cells = Cells(one.Database, query), others;
            try
            {
                others = Cells(other.Database, query);
            }
            catch (DuckDB.NET.Data.DuckDBException e)
            {
                return e.Message;
            }

            int at = cells.Zip(others).TakeWhile(p => p.First == p.Second).Count();
            if (at < Math.Max(cells.Count, others.Count))
                return $"{table}.{column}: {others.ElementAtOrDefault(at) ?? "nothing"} for {cells.ElementAtOrDefault(at) ?? "nothing"}";
        }

        return "only in what is not compared cell by cell";

        static List<string> Cells(CaseDatabase database, string query) =>
            database.Rows(query, r => $"{(r.IsDBNull(0) ? "" : r.GetString(0))} {(r.IsDBNull(1) ? "NULL" : "'" + r.GetString(1) + "'")}");
    }

    private static string Sum(CaseDatabase database, string query) => database.Rows(
        $"SELECT count(*) || ' rows, ' || count(DISTINCT hash(q)) || ' distinct, ' || coalesce(sum(hash(q)::HUGEINT)::VARCHAR, '-') FROM ({query}) q", r => r.GetString(0))[0];
}
