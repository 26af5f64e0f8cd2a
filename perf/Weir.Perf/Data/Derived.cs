using System.IO.Compression;
using DuckDB.NET.Data;

namespace Weir.Perf.Data;

/// <summary>Other files with the content of a generated one.</summary>
internal static class Derived
{
    /// <summary>The file, made unless it is there. Its facts are those of the text.</summary>
    public static DataSet Ensure(DataSet of, DataKind kind)
    {
        string path = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(of.Path)!, kind == DataKind.Gzip ? $"gzip{of.Megabytes}.csv.gz" : $"ndjson{of.Megabytes}.json");
        if (!File.Exists(path) || File.GetLastWriteTimeUtc(path) < File.GetLastWriteTimeUtc(of.Path))
        {
            Console.Error.WriteLine($"generating {System.IO.Path.GetFileName(path)} ...");
            string made = path + ".new";
            if (kind == DataKind.Gzip)
                Pack(of.Path, made);
            else
                WriteJson(of.Path, made);
            File.Move(made, path, overwrite: true);
        }

        return kind == DataKind.Gzip
            ? new DataSet(kind, of.Megabytes, path, of.Facts) { Unpacked = of.Path }
            : new DataSet(kind, of.Megabytes, path, of.Facts with { Bytes = new FileInfo(path).Length });
    }

    private static void Pack(string from, string to)
    {
        using FileStream text = File.OpenRead(from), packed = File.Create(to);
        using var gzip = new GZipStream(packed, CompressionLevel.Optimal);
        text.CopyTo(gzip);
    }

    // By DuckDB, which nothing of weir has a part in.
    private static void WriteJson(string from, string to)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = $"COPY (SELECT * FROM read_csv('{Quoted(from)}', header=true, all_varchar=true)) TO '{Quoted(to)}' (FORMAT json)";
        command.ExecuteNonQuery();
    }

    private static string Quoted(string path) => path.Replace("'", "''", StringComparison.Ordinal);
}
