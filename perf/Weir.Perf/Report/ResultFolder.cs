using System.Globalization;
using System.Text;
using Weir.Perf.Runners;

namespace Weir.Perf.Report;

/// <summary>README.md and raw.csv of one session.</summary>
/// <param name="skipped">Contestants that did not run.</param>
internal sealed class ResultFolder(string command, string root, Session session, IReadOnlyList<IRunner> skipped, Options options)
{
    private const string Warning = "A run of other things on the same machine shows in the ranges; ratios are of the same round.";

    /// <summary>A new folder of this day; an existing one is never overwritten, a second session of a day gets <c>-2</c>.</summary>
    public static string Create(string parent, string suffix = "")
    {
        string day = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + suffix, name = day;
        for (int n = 2; Directory.Exists(Path.Combine(parent, name)); n++)
            name = $"{day}-{n}";
        return Directory.CreateDirectory(Path.Combine(parent, name)).FullName;
    }

    /// <summary>Writes the folder and gives its path.</summary>
    public string Write(string parent)
    {
        string folder = Create(parent);
        File.WriteAllText(Path.Combine(folder, "README.md"), Readme(Path.GetFileName(folder)));
        File.WriteAllText(Path.Combine(folder, "raw.csv"), Raw());
        return folder;
    }

    /// <summary>All tables, for the terminal.</summary>
    public string Tables()
    {
        var text = new StringBuilder();
        AppendGoals(text);
        foreach (var result in session.Results)
            Section(text, result);
        return text.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>What resumability costs, in one line; empty where the run for it is missing. An interval is gathered in memory, so a run with one commit would measure something else.</summary>
    private static string CommitCost(ContestResult result)
    {
        var wall = Table.Ratio(result, WeirIngest.ManyCommitsName, WeirIngest.LoadOnlyName, r => r.Usage.WallSeconds);
        var cpu = Table.Ratio(result, WeirIngest.ManyCommitsName, WeirIngest.LoadOnlyName, r => r.Usage.CpuSeconds);
        return wall is null || cpu is null ? ""
            : $"Commit points: three times as many take {wall.Text("F3")} x the wall time and {cpu.Text("F3")} x the cpu time, so those of the default run cost at most half of what is above 1.\n\n";
    }

    private string Readme(string name)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Side by side, {name}\n\n```\n{command}\n```\n\n");
        var runners = session.Results.SelectMany(r => r.Runners).Distinct().ToList();
        var machine = Machine.Describe(root).Concat(runners.Where(r => r.Version is not null).Select(r => (Name: r.Name, Value: r.Version!)));
        text.Append(Table.Lines([["", ""], .. machine.Select(p => new[] { p.Name, p.Value })])).Append('\n');
        AppendGoals(text);
        text.Append("## Runs\n\nWhole processes, start-up included, file in the page cache, a fresh output each time, dirty pages written out before each start:\n\n");
        List(text, runners.Where(r => !r.IsComponent));
        if (runners.Exists(r => r.IsComponent))
        {
            text.Append("\nComponents (T: threads, pinned to as many processors), each in a process of its own that warms up on a small file and times itself, start-up not included:\n\n");
            List(text, runners.Where(r => r.IsComponent).DistinctBy(r => r.Description));
        }

        if (skipped.Count > 0)
            text.Append("\nLeft out:\n\n");
        foreach (var runner in skipped)
            text.Append(CultureInfo.InvariantCulture, $"- {runner.Name}: {runner.Missing}\n");
        text.Append('\n');
        foreach (var result in session.Results)
            Section(text, result);
        text.Append(CultureInfo.InvariantCulture, $"{Warning} Every measured process, warm-up (round 0) included: [raw.csv](raw.csv). How it is measured: [perf/README.md](../../README.md).\n");
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void List(StringBuilder text, IEnumerable<IRunner> runners)
    {
        foreach (var runner in runners)
            text.Append(CultureInfo.InvariantCulture, $"- **{runner.Name}**: {runner.Description}\n");
    }

    private void AppendGoals(StringBuilder text)
    {
        if (options.Threads.Count == 0)
            text.Append(CultureInfo.InvariantCulture, $"{ReadmeTable.Heading}{(options.IsForReadme ? "" : ", as far as this run goes")}\n\n{Goals.Markdown(session)}\n{Goals.Losses(session)}\n\n");
    }

    private void Section(StringBuilder text, ContestResult result)
    {
        var (data, facts) = (result.Data, result.Data.Facts);
        text.Append(CultureInfo.InvariantCulture, $"## {data.Name}\n\n{facts.Bytes:N0} bytes, {facts.Rows:N0} rows, {facts.QuoteShare:P1} quotes, ");
        text.Append(CultureInfo.InvariantCulture, $"recipe version {facts.Version}, seed {facts.Seed}, SHA-256 `{facts.Sha256}`.\n");
        text.Append(result.Once ? "One run, for its peak memory.\n\n"
            : string.Create(CultureInfo.InvariantCulture, $"Medians (least–most) of {result.Rounds} interleaved rounds after a warm-up; `x load` is the median of the rounds' ratios.\n\n"));
        text.Append(Table.Markdown(result, components: false)).Append('\n');
        if (Table.Markdown(result, components: true) is { Length: > 0 } components)
            text.Append("In process:\n\n").Append(components).Append('\n');
        text.Append(CommitCost(result));
        if (Scaling.Markdown(result, options.Threads) is { Length: > 0 } scaling)
            text.Append("Threads, medians; what stands under \"computed\" was not measured: T(n) = serial + parallel / n through the two measured points:\n\n").Append(scaling).Append('\n');
        if (result.Anchor is not null)
        {
            string[] losses = [.. Table.Losses(result)];
            text.Append(losses.Length == 0 ? "We lose nowhere in these tables.\n\n" : "Where we lose, or do more:\n\n");
            foreach (string loss in losses)
                text.Append(CultureInfo.InvariantCulture, $"- {loss}\n");
            text.Append(losses.Length == 0 ? "" : "\n");
            text.Append("In every round the results agreed: of weir's tables rows, every column and a hash over whole rows; of peers rows, cells that hold something and summed lengths, as far as they keep or tell them.\n\n");
        }
    }

    private string Raw()
    {
        var text = new StringBuilder("data,round,run,wall_s,user_s,system_s,peak_bytes,disk_bytes\n");
        foreach (var run in session.Results.SelectMany(r => r.Runs))
        {
            var usage = run.Usage;
            text.Append(CultureInfo.InvariantCulture, $"{run.Data},{run.Round},\"{run.Runner}\",{usage.WallSeconds:F6},{usage.UserSeconds:F6},{usage.SystemSeconds:F6},{usage.PeakBytes},{run.FileBytes}\n");
        }

        return text.ToString();
    }
}
