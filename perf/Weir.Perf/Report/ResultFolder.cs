using System.Globalization;
using System.Text;
using Weir.Perf.Runners;

namespace Weir.Perf.Report;

/// <summary>Writes README.md and raw.csv of one session.</summary>
internal static class ResultFolder
{
    /// <summary>Writes the folder and gives its path; an existing one is never overwritten, a second session of a day gets <c>-2</c>.</summary>
    public static string Write(string parent, string command, string root, IReadOnlyList<IRunner> runners, IReadOnlyList<ContestResult> results, int rounds)
    {
        string folder = Create(parent), name = Path.GetFileName(folder);
        File.WriteAllText(Path.Combine(folder, "README.md"), Readme(name, command, root, runners, results, rounds));
        File.WriteAllText(Path.Combine(folder, "raw.csv"), Raw(results));
        return folder;
    }

    /// <summary>A new folder of this day.</summary>
    public static string Create(string parent, string suffix = "")
    {
        string day = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + suffix, name = day;
        for (int n = 2; Directory.Exists(Path.Combine(parent, name)); n++)
            name = $"{day}-{n}";
        return Directory.CreateDirectory(Path.Combine(parent, name)).FullName;
    }

    private static string Readme(string name, string command, string root, IReadOnlyList<IRunner> runners, IReadOnlyList<ContestResult> results, int rounds)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Side by side, {name}\n\n```\n{command}\n```\n\n");
        text.Append(Table.Lines([["", ""], .. Machine.Describe(root).Select(p => new[] { p.Name, p.Value })]));
        text.Append("\n## Runs\n\n");
        foreach (var runner in runners)
            text.Append(CultureInfo.InvariantCulture, $"- **{runner.Name}**: {runner.Description}\n");
        text.Append("""

            Whole processes, start-up included, file in the page cache, a fresh database each time, dirty pages written out before each start.

            """);
        foreach (var result in results)
            Section(text, result, rounds);
        text.Append("\nEvery measured process, warm-up (round 0) included: [raw.csv](raw.csv). How it is measured: [perf/README.md](../../README.md).\n");
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void Section(StringBuilder text, ContestResult result, int rounds)
    {
        var (data, facts) = (result.Data, result.Data.Facts);
        text.Append(CultureInfo.InvariantCulture, $"\n## {data.Name}\n\n{facts.Bytes:N0} bytes, {facts.Rows:N0} rows, {facts.QuoteShare:P1} quotes, ");
        text.Append(CultureInfo.InvariantCulture, $"recipe version {facts.Version}, seed {facts.Seed}, SHA-256 `{facts.Sha256}`.\n");
        if (result.Comparison.Count == 0)
        {
            text.Append("One run, for its peak memory; the case holds as many rows as were generated.\n\n").Append(Table.Markdown(result));
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"Medians (least–most) of {rounds} interleaved rounds after a warm-up; `x load` is the median of the rounds' ratios.\n\n");
        text.Append(Table.Markdown(result)).Append('\n');
        text.Append(CommitCost(result)).Append("\n\n");
        string[] losses = [.. Table.Losses(result)];
        text.Append(losses.Length == 0 ? "We lose nowhere in this table.\n" : "Where we lose:\n\n");
        foreach (string loss in losses)
            text.Append(CultureInfo.InvariantCulture, $"- {loss}\n");
        text.Append("\nIn every round the tables were equal: rows, a hash over whole rows, cells that hold something, and by column:\n\n");
        text.Append(Table.Lines([["column", "type in the case", "compared by"], .. result.Comparison.Select(c => new[] { $"`{c.Column}`", c.Type, c.How })]));
    }

    /// <summary>What resumability costs, in one line. An interval is gathered in memory, so a run with one commit would measure something else.</summary>
    public static string CommitCost(ContestResult result)
    {
        var wall = Table.Ratio(result, WeirIngest.ManyCommitsName, WeirIngest.LoadOnlyName, r => r.Usage.WallSeconds);
        var cpu = Table.Ratio(result, WeirIngest.ManyCommitsName, WeirIngest.LoadOnlyName, r => r.Usage.CpuSeconds);
        return $"Commit points: three times as many take {wall.Text("F3")} x the wall time and {cpu.Text("F3")} x the cpu time, so those of the default run cost at most half of what is above 1.";
    }

    private static string Raw(IReadOnlyList<ContestResult> results)
    {
        var text = new StringBuilder("data,round,run,wall_s,user_s,system_s,peak_bytes,file_bytes\n");
        foreach (var run in results.SelectMany(r => r.Runs))
        {
            var usage = run.Usage;
            text.Append(CultureInfo.InvariantCulture, $"{run.Data},{run.Round},\"{run.Runner}\",{usage.WallSeconds:F6},{usage.UserSeconds:F6},{usage.SystemSeconds:F6},{usage.PeakBytes},{run.FileBytes}\n");
        }

        return text.ToString();
    }
}
