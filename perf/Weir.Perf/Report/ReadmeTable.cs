using System.Text.RegularExpressions;

namespace Weir.Perf.Report;

/// <summary>The table of goals in the project's README.md is that of the latest results; a test compares the two.</summary>
internal static partial class ReadmeTable
{
    /// <summary>Heading of the table in results.</summary>
    public const string Heading = "## Goals";

    private const string Begin = "<!-- perf/run --readme -->", End = "<!-- end -->";

    /// <summary>Replaces the table in README.md.</summary>
    /// <exception cref="PerfException">There are no results with such a table, or README.md has no place for it.</exception>
    public static void Write(string root, string results)
    {
        string readme = Path.Combine(root, "README.md"), text = File.ReadAllText(readme);
        int from = text.IndexOf(Begin, StringComparison.Ordinal), to = text.IndexOf(End, Math.Max(from, 0), StringComparison.Ordinal);
        if (from < 0 || to < 0)
            throw new PerfException(2, $"README.md has no '{Begin}' with '{End}' behind it.");
        string latest = Directory.EnumerateDirectories(results).Where(f => File.Exists(Path.Combine(f, "README.md")) && File.ReadAllText(Path.Combine(f, "README.md")).Contains($"\n{Heading}\n", StringComparison.Ordinal)).MaxBy(Order)
            ?? throw new PerfException(2, $"No results with '{Heading}' in {results}: perf/run --goals makes them.");
        string result = File.ReadAllText(Path.Combine(latest, "README.md")), table = result.Split($"\n{Heading}\n\n")[1].Split("\n## ")[0].TrimEnd();
        File.WriteAllText(readme, $"{text[..from]}{Begin}\n{table}\n\n[perf/results/{Path.GetFileName(latest)}](perf/results/{Path.GetFileName(latest)}/README.md)\n{text[to..]}");
        Console.Error.WriteLine($"README.md: the table of {latest}");
    }

    /// <summary>The day and the number within it.</summary>
    private static (string Day, int Number) Order(string folder)
    {
        var name = Name().Match(Path.GetFileName(folder));
        return (name.Groups[1].Value, name.Groups[2].Success ? int.Parse(name.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture) : 1);
    }

    [GeneratedRegex(@"^(\d{4}-\d\d-\d\d)(?:-(\d+))?$")]
    private static partial Regex Name();
}
