using System.Globalization;
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
    public static void Compare(string bareFile, string caseFile, string runner, DataSet data)
    {
        using var connection = Sql.Open();
        Attach(connection, bareFile, Bare);
        Attach(connection, caseFile, Landed);
        var columns = DataSet.Recipe(data.Kind).Columns;
        string table = LandedTable(connection, runner, data);
        var types = Types(connection, table);

        var sql = new List<ColumnSql>();
        foreach (var column in columns)
        {
            if (!types.TryGetValue(column.Landed, out string? type))
            {
                throw Differs(runner, data, $"column '{column.Name}' should be '{column.Landed}' in the case; it has {string.Join(", ", types.Keys)}");
            }

            string companion = column.Landed + "_text";
            sql.Add(ColumnSql.For(column.Name, column.Landed, type, types.ContainsKey(companion) ? companion : null));
        }

        var left = Fingerprint(connection, data.Kind == DataKind.Ndjson ? $"(SELECT COLUMNS(*)::VARCHAR FROM {Bare}.{DuckDbLoad.Table})" : $"{Bare}.{DuckDbLoad.Table}", sql.ConvertAll(s => (s.Bare, s.BareFilled, s.IsText)));
        var right = Fingerprint(connection, $"{Landed}.main.{Sql.Name(table)}", sql.ConvertAll(s => (s.Landed, s.LandedFilled, s.IsText)));
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
        if (rows != data.Facts.Rows.ToString(CultureInfo.InvariantCulture))
            throw Differs(runner, data, $"rows: {data.Facts.Rows} generated, {rows} loaded by both");
    }

    /// <summary>Checks the rows alone, over all tables of the case, where there is no bare load to compare with.</summary>
    /// <exception cref="PerfException">Exit code 1: another number than was generated.</exception>
    public static void CheckRows(string caseFile, string runner, DataSet data, long expected)
    {
        using var connection = Sql.Open();
        Attach(connection, caseFile, Landed);
        long rows = LandedTables(connection).Sum(t => long.Parse(Sql.Query(connection, $"SELECT count(*)::VARCHAR FROM {Landed}.main.{Sql.Name(t)}")[0][0], CultureInfo.InvariantCulture));
        if (rows != expected)
            throw Differs(runner, data, $"rows: {expected} generated, {rows} in the case");
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

        return Sql.Figures(connection, parts, table);
    }

    /// <summary>One file makes one table, named after its stem.</summary>
    private static string LandedTable(DuckDBConnection connection, string runner, DataSet data)
    {
        string[] stems = [.. new[] { data.Path, data.Unpacked }.Select(p => Path.GetFileName(p).Split('.')[0])];
        var tables = LandedTables(connection);
        // A stem such as wide300 may be cleaned to wide_300: digits are no matter of this comparison.
        return tables.Find(t => stems.Contains(t.Replace("_", "", StringComparison.Ordinal)))
            ?? throw Differs(runner, data, $"there should be a table '{stems[0]}' in the case; it has {(tables.Count == 0 ? "none" : string.Join(", ", tables))}");
    }

    private static List<string> LandedTables(DuckDBConnection connection) =>
        Sql.Query(connection, $"SELECT table_name FROM duckdb_tables() WHERE database_name = '{Landed}' AND schema_name = 'main'").ConvertAll(r => r[0]);

    private static Dictionary<string, string> Types(DuckDBConnection connection, string table) =>
        Sql.Query(connection, $"SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = '{Landed}' AND schema_name = 'main' AND table_name = {Sql.Text(table)}")
            .ToDictionary(r => r[0], r => r[1]);

    private static void Attach(DuckDBConnection connection, string file, string name) =>
        Sql.Execute(connection, $"ATTACH {Sql.Text(file)} AS {name} (READ_ONLY)");

    private static PerfException Differs(string runner, DataSet data, string what) =>
        new(1, $"{runner}, {data.Name}: the tables differ, so there are no figures. {what}.");
}
