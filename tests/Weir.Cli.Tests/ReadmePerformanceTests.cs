using System.Globalization;
using System.Text.RegularExpressions;

namespace Weir.Cli.Tests;

/// <summary>The table of goals in the README is that of the latest results, which <c>perf/run --readme</c> puts there.</summary>
public partial class ReadmePerformanceTests
{
    private const string NoResults = "No results with a table of goals are in `perf/results` yet: `perf/run --goals` makes them, `perf/run --readme` puts their table here.";

    [Fact]
    public async Task Readme_Performance_IsThatOfTheLatestResults()
    {
        string readme = await File.ReadAllTextAsync(Path.Combine(ReadmeTests.Root, "README.md"));
        string shown = readme.Split("<!-- perf/run --readme -->")[1].Split("<!-- end -->")[0].Trim('\n');
        (string name, string table) = Directory.EnumerateDirectories(Path.Combine(ReadmeTests.Root, "perf", "results"))
            .Where(f => Session().IsMatch(Path.GetFileName(f)))
            .OrderByDescending(f => Session().Match(Path.GetFileName(f)).Groups[1].Value, StringComparer.Ordinal)
            .ThenByDescending(f => Session().Match(Path.GetFileName(f)).Groups[2] is { Success: true } number ? int.Parse(number.Value, CultureInfo.InvariantCulture) : 1)
            .Select(f => (Path.GetFileName(f), Goals(Path.Combine(f, "README.md"))))
            .FirstOrDefault(r => r.Item2.Length > 0, ("", ""));
        Assert.Equal(table.Length == 0 ? NoResults : $"{table}\n\n[perf/results/{name}](perf/results/{name}/README.md)", shown);
    }

    /// <summary>The table of goals of some results and what it says of it; empty where they have none.</summary>
    private static string Goals(string results)
    {
        string[] parts = File.Exists(results) ? File.ReadAllText(results).Split("\n## Goals\n\n") : [];
        return parts.Length < 2 ? "" : parts[1].Split("\n## ")[0].TrimEnd();
    }

    /// <summary>A day, and the number of a further session.</summary>
    [GeneratedRegex(@"^(\d{4}-\d\d-\d\d)(?:-(\d+))?$")]
    private static partial Regex Session();
}
