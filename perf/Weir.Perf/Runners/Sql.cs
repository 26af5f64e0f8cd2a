using DuckDB.NET.Data;
using Weir.Perf.Measure;

namespace Weir.Perf.Runners;

/// <summary>DuckDB as a peer: SQL in a process of its own.</summary>
internal static class Sql
{
    /// <summary>Name of the process.</summary>
    public const string Verb = "sql";

    public static IReadOnlyList<string> Command(string database, string script) => [.. Launcher.Self, Verb, database, script];

    /// <summary>The <c>sql</c> process.</summary>
    public static int Run(string database, string script)
    {
        using var connection = new DuckDBConnection($"Data Source={database}");
        connection.Open();
        Execute(connection, script);
        return 0;
    }

    public static void Execute(DuckDBConnection connection, string script)
    {
        using var command = connection.CreateCommand();
        command.CommandText = script;
        command.ExecuteNonQuery();
    }

    /// <summary>Aggregates of a table, as text. Asked for some at a time: three thousand in one question took minutes and gigabytes.</summary>
    public static List<string> Figures(DuckDBConnection connection, IEnumerable<string> aggregates, string from) =>
        [.. aggregates.Chunk(150).SelectMany(some => Query(connection, $"SELECT {string.Join(", ", some.Select(a => $"({a})::VARCHAR"))} FROM {from}")[0])];

    /// <summary>Rows of a question, as text.</summary>
    public static List<List<string>> Query(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<List<string>>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "NULL" : reader.GetString(i))]);
        return rows;
    }

    /// <summary>A connection that holds nothing, for looks at files.</summary>
    public static DuckDBConnection Open()
    {
        var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        Execute(connection, "SET TimeZone='UTC'");
        return connection;
    }

    public static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    public static string Name(string value) => $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
