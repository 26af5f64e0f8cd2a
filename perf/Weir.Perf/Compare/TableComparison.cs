using DuckDB.NET.Data;
using Weir.Perf.Data;
using Weir.Perf.Runners;

namespace Weir.Perf.Compare;

/// <summary>Checks that the case holds what the bare load holds.</summary>
/// <remarks>
/// DuckDB reads both files itself; nothing of weir takes part, so weir cannot agree with its own mistake. Rows have no common
/// order, so hashes are summed (with XOR, equal rows would cancel out). A hash over the whole row shows cells that
/// moved between rows. Column and table names are those that weir promises, see <see cref="Column.Landed"/>.
/// </remarks>
internal static class TableComparison
{
    private const string Bare = "bare", Landed = "landed";

    /// <summary>Compares rows and every column of the file; columns that weir adds are left out.</summary>
    /// <exception cref="PerfException">Exit code 1: they differ; the message names the first difference.</exception>
    public static IReadOnlyList<ColumnComparison> Compare(string bareFile, string caseFile, string runner, DataSet data)
    {
        using var connection = Open();
        Attach(connection, bareFile, Bare);
        Attach(connection, caseFile, Landed);
        var columns = DataSet.Recipe(data.Kind).Columns;
        string table = LandedTable(connection, runner, data);
        var types = Types(connection, table);

        var sql = new List<ColumnSql>();
        var how = new List<ColumnComparison>();
        foreach (var column in columns)
        {
            if (!types.TryGetValue(column.Landed, out string? type))
            {
                throw Differs(runner, data, $"column '{column.Name}' should be '{column.Landed}' in the case; it has {string.Join(", ", types.Keys)}");
            }

            string companion = column.Landed + "_text";
            var one = ColumnSql.For(column.Name, column.Landed, type, types.ContainsKey(companion) ? companion : null);
            sql.Add(one);
            how.Add(new ColumnComparison(column.Name, type, one.How));
        }

        var left = Fingerprint(connection, data.Kind == DataKind.Ndjson ? $"(SELECT COLUMNS(*)::VARCHAR FROM {Bare}.{BareLoad.Table})" : $"{Bare}.{BareLoad.Table}", sql.ConvertAll(s => (s.Bare, s.BareFilled, s.IsText)));
        var right = Fingerprint(connection, $"{Landed}.main.{ColumnSql.Quote(table)}", sql.ConvertAll(s => (s.Landed, s.LandedFilled, s.IsText)));
        for (int i = 0; i < left.Count; i++)
        {
            // Three figures a column stand behind the rows and the hash of whole rows; a column is named before the row is.
            int at = (i + 2) % left.Count;
            if (left[at] != right[at])
            {
                string what = at switch
                {
                    0 => "rows",
                    1 => "the cells of a row (hash over whole rows)",
                    _ => $"column '{columns[(at - 2) / 3].Name}', {((at - 2) % 3) switch { 0 => "cells that hold something", 1 => "summed bytes", _ => "hash" }}",
                };
                throw Differs(runner, data, $"{what}: {left[at]} in the bare load, {right[at]} in the case");
            }
        }

        string rows = left[0];
        if (rows != data.Facts.Rows.ToString(System.Globalization.CultureInfo.InvariantCulture))
            throw Differs(runner, data, $"rows: {data.Facts.Rows} generated, {rows} loaded by both");
        return how;
    }

    /// <summary>Checks the rows alone, where there is no bare load to compare with.</summary>
    /// <exception cref="PerfException">Exit code 1: another number than was generated.</exception>
    public static void CheckRows(string caseFile, string runner, DataSet data)
    {
        using var connection = Open();
        Attach(connection, caseFile, Landed);
        string rows = Query(connection, $"SELECT count(*)::VARCHAR FROM {Landed}.main.{ColumnSql.Quote(LandedTable(connection, runner, data))}")[0][0];
        if (rows != data.Facts.Rows.ToString(System.Globalization.CultureInfo.InvariantCulture))
            throw Differs(runner, data, $"rows: {data.Facts.Rows} generated, {rows} in the case");
    }

    private static List<string> Fingerprint(DuckDBConnection connection, string table, List<(string Value, string Filled, bool IsText)> columns)
    {
        var parts = new List<string> { "count(*)", $"sum(hash({string.Join(", ", columns.Select(c => c.Value))}))" };
        foreach (var (value, filled, isText) in columns)
        {
            parts.Add($"count(*) FILTER ({filled})");
            parts.Add(isText ? $"sum(strlen({value}))" : "0");
            parts.Add($"sum(hash({value}))");
        }

        return Query(connection, $"SELECT {string.Join(", ", parts.Select(p => $"({p})::VARCHAR"))} FROM {table}")[0];
    }

    /// <summary>One file makes one table, named after its stem.</summary>
    private static string LandedTable(DuckDBConnection connection, string runner, DataSet data)
    {
        string stem = Path.GetFileName(data.Path).Split('.')[0];
        var tables = Query(connection, $"SELECT table_name FROM duckdb_tables() WHERE database_name = '{Landed}' AND schema_name = 'main'").ConvertAll(r => r[0]);
        // A stem such as wide300 may be cleaned to wide_300: digits are no matter of this comparison.
        return tables.Find(t => t.Replace("_", "", StringComparison.Ordinal) == stem)
            ?? throw Differs(runner, data, $"there should be a table '{stem}' in the case; it has {(tables.Count == 0 ? "none" : string.Join(", ", tables))}");
    }

    private static Dictionary<string, string> Types(DuckDBConnection connection, string table) =>
        Query(connection, $"SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = '{Landed}' AND schema_name = 'main' AND table_name = '{table.Replace("'", "''", StringComparison.Ordinal)}'")
            .ToDictionary(r => r[0], r => r[1]);

    private static DuckDBConnection Open()
    {
        var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        Execute(connection, "SET TimeZone='UTC'");
        return connection;
    }

    private static void Attach(DuckDBConnection connection, string file, string name) =>
        Execute(connection, $"ATTACH '{file.Replace("'", "''", StringComparison.Ordinal)}' AS {name} (READ_ONLY)");

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static List<List<string>> Query(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<List<string>>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "NULL" : reader.GetString(i))]);
        return rows;
    }

    private static PerfException Differs(string runner, DataSet data, string what) =>
        new(1, $"{runner}, {data.Name}: the tables differ, so there are no figures. {what}.");
}
