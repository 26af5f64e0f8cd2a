using System.Globalization;
using DuckDB.NET.Data;
using Weir.Perf.Runners;

namespace Weir.Perf.Compare;

/// <summary>What a table holds, in figures that any store can tell: the check of peers, whose types differ.</summary>
/// <param name="Columns">By name in the file.</param>
internal sealed record Holding(long Rows, IReadOnlyDictionary<string, HeldColumn> Columns)
{
    /// <summary>Of a table in a DuckDB file.</summary>
    public static Holding OfDatabase(string file, string table)
    {
        using var connection = Sql.Open();
        Sql.Execute(connection, $"ATTACH {Sql.Text(file)} AS held (READ_ONLY)");
        return Of(connection, $"held.{Sql.Name(table)}");
    }

    /// <summary>Of a Parquet file.</summary>
    public static Holding OfParquet(string file)
    {
        using var connection = Sql.Open();
        return Of(connection, $"read_parquet({Sql.Text(file)})");
    }

    private static Holding Of(DuckDBConnection connection, string from)
    {
        var columns = Sql.Query(connection, $"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {from})");
        var figures = new List<string> { "count(*)" };
        foreach (var column in columns)
        {
            string name = Sql.Name(column[0]);
            bool text = column[1] == "VARCHAR";
            figures.Add(text ? $"count(*) FILTER ({name} <> '')" : $"count({name})");
            figures.Add(text ? $"coalesce(sum(strlen({name})), 0)" : "-1");
            figures.Add(text ? $"coalesce(sum(length({name})), 0)" : "-1");
        }

        long[] told = [.. Sql.Figures(connection, figures, from).Select(f => long.Parse(f, CultureInfo.InvariantCulture))];
        return new Holding(told[0], columns.Select((c, i) => (Name: c[0], Held: new HeldColumn(told[3 * i + 1], Told(told[3 * i + 2]), Told(told[3 * i + 3])))).ToDictionary(c => c.Name, c => c.Held));
    }

    private static long? Told(long figure) => figure < 0 ? null : figure;
}

/// <summary>What a column holds.</summary>
/// <param name="Filled">Cells that hold something: neither NULL nor empty.</param>
/// <param name="Bytes">Summed length in UTF-8; null where the column is no text.</param>
/// <param name="Characters">Summed length in characters, likewise.</param>
internal sealed record HeldColumn(long Filled, long? Bytes, long? Characters);
