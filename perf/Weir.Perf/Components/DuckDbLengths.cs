using System.Globalization;
using Weir.Perf.Runners;

namespace Weir.Perf.Components;

internal sealed class DuckDbLengths : Component
{
    public const string Id = "duckdb-lengths";

    public override string Name => Id;

    public override string Description => "DuckDB, `SELECT count(*), sum(strlen(column)) …` for every column `FROM read_csv(F, header=true, all_varchar=true)`";

    public override bool IsParallel => true;

    public override Tally Run(string file, int threads)
    {
        using var connection = Sql.Open();
        Sql.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"SET threads={threads}"));
        string from = $"read_csv({Sql.Text(file)}, header=true, all_varchar=true)";
        string size = string.Join(" + ", Sql.Query(connection, $"SELECT column_name FROM (DESCRIBE SELECT * FROM {from})").Select(c => $"coalesce(sum(strlen({Sql.Name(c[0])})), 0)"));
        var told = Sql.Query(connection, $"SELECT count(*)::VARCHAR, ({size})::VARCHAR FROM {from}")[0];
        return new Tally(long.Parse(told[0], CultureInfo.InvariantCulture), long.Parse(told[1], CultureInfo.InvariantCulture));
    }
}
