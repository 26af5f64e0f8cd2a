using DuckDB.NET.Data;
using Weir.Perf.Measure;

namespace Weir.Perf.Runners;

/// <summary>The anchor: DuckDB reads the file into a table of text and does nothing else.</summary>
internal sealed class BareLoad : IRunner
{
    /// <summary>Name of the table that it makes.</summary>
    public const string Table = "t";

    private const int Threads = 2;

    public string Name => "bare load";

    public string Description =>
        $"DuckDB alone, in a process of its own: `SET threads={Threads}; CREATE TABLE {Table} AS SELECT * FROM read_csv(F, header=true, all_varchar=true)` (NDJSON: `read_json(F)`, which types as it reads); default storage and memory.";

    public IReadOnlyList<string> Command(string file, string database) => [.. Launcher.Self, "bare-load", file, database];

    /// <summary>The <c>bare-load</c> process.</summary>
    public static int Load(string file, string database)
    {
        using var connection = new DuckDBConnection($"Data Source={database}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SET threads={Threads}";
        command.ExecuteNonQuery();
        string path = file.Replace("'", "''", StringComparison.Ordinal);
        string read = file.EndsWith(".json", StringComparison.Ordinal) ? $"read_json('{path}')" : $"read_csv('{path}', header=true, all_varchar=true)";
        command.CommandText = $"CREATE TABLE {Table} AS SELECT * FROM {read}";
        command.ExecuteNonQuery();
        return 0;
    }
}
