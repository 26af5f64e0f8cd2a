using System.Globalization;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using DuckDB.NET.Data;
using Weir.Perf.Measure;

namespace Weir.Perf.Report;

/// <summary>What a figure cannot be read without: commit, machine, versions.</summary>
internal static class Machine
{
    private static readonly string[] Packages = ["Apache.Arrow", "DuckDB.NET.Data.Full", "CsvHelper", "Sep", "Sylvan.Data.Csv"];

    public static IEnumerable<(string Name, string Value)> Describe(string root)
    {
        string commit = Launcher.Ask(root, "git", "rev-parse", "HEAD") ?? "unknown";
        // Results are the outcome, not the input, of a run.
        string changes = Launcher.Ask(root, "git", "status", "--porcelain", "--", ".", ":!perf/results") ?? "";
        yield return ("commit", commit + (changes.Length == 0 ? "" : " with uncommitted changes"));
        yield return ("processor", $"{Field("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} available");
        yield return ("memory", Memory());
        yield return ("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.RuntimeIdentifier}");
        yield return (".NET", $"SDK {Launcher.Ask(root, "dotnet", "--version") ?? "unknown"}, runtime {Environment.Version}");
        yield return ("DuckDB", DuckDbVersion());
        foreach (string package in Packages)
            yield return (package, PackageVersion(root, package));
    }

    private static string Field(string file, string name)
    {
        if (!File.Exists(file))
            return "unknown";
        string? line = File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
        return line is null ? "unknown" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    private static string Memory() =>
        long.TryParse(Field("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture, out long kib)
            ? string.Create(CultureInfo.InvariantCulture, $"{kib / 1048576.0:F1} GiB")
            : "unknown";

    private static string DuckDbVersion()
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT version()";
        return (string)command.ExecuteScalar()!;
    }

    private static string PackageVersion(string root, string package) =>
        XDocument.Load(Path.Combine(root, "Directory.Packages.props")).Descendants("PackageVersion")
            .FirstOrDefault(e => (string?)e.Attribute("Include") == package)?.Attribute("Version")?.Value ?? "unknown";
}
