using Weir.Engine.Store;

namespace Weir.Cli.Tests.Landing;

/// <summary>What a case holds, free of physical order: count, distinct count and hash of whole rows per table, and the columns in order.</summary>
internal static class CaseDump
{
    private static readonly string[] Ledger =
    [
        "SELECT source_id, row_id, column_name, code, detail, raw FROM weir.remarks",
        "SELECT * FROM weir.rejects",
        "SELECT * FROM weir.columns",
        "SELECT source_id, uri, table_name, connector, sha256, bytes, fingerprint, rows_read, rows_landed, rows_rejected, state, missing, options::VARCHAR FROM weir.sources",
        "SELECT source_id, min(first_row), sum(rows), (sum(rows_hash::HUGEINT) % 18446744073709551616::HUGEINT)::VARCHAR FROM weir.batches GROUP BY ALL",
    ];

    public static async Task<string> OfAsync(string path)
    {
        await using CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { ReadOnly = true });
        CaseDatabase database = caseFile.Database;
        var lines = new List<string>();
        foreach (string table in database.Rows(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'main' ORDER BY 1", r => r.GetString(0), CaseDatabase.Alias))
        {
            lines.Add(table + ": " + string.Join(", ", database.Rows(
                "SELECT column_name || ' ' || data_type FROM duckdb_columns() WHERE database_name = ? AND schema_name = 'main' AND table_name = ? ORDER BY column_index",
                r => r.GetString(0), CaseDatabase.Alias, table)));
            lines.Add(Sum(database, $"SELECT * FROM main.{Sql.Name(table)}"));
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

    private static string Sum(CaseDatabase database, string query) => database.Rows(
        $"SELECT count(*) || ' rows, ' || count(DISTINCT hash(q)) || ' distinct, ' || coalesce(sum(hash(q)::HUGEINT)::VARCHAR, '-') FROM ({query}) q", r => r.GetString(0))[0];
}
