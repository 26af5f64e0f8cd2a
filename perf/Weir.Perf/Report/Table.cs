using System.Globalization;
using System.Text;
using Weir.Perf.Data;
using Weir.Perf.Runners;

namespace Weir.Perf.Report;

/// <summary>The tables of one data set: Markdown that also reads well on a terminal.</summary>
internal static class Table
{
    private static readonly string[] Header = ["run", "x load", "wall s", "cpu s", "peak MB", "disk MB", "MB/s", "krows/s"];

    private static readonly (string What, Func<Run, double> Of)[] Measures =
        [("wall time", r => r.Usage.WallSeconds), ("cpu time", r => r.Usage.CpuSeconds), ("peak memory", r => r.Usage.PeakBytes), ("disk", r => r.FileBytes)];

    /// <summary>Whole processes or components, a line each.</summary>
    public static string Markdown(ContestResult result, bool components)
    {
        var rows = new List<string[]> { Header };
        foreach (var runner in result.Runners.Where(r => r.IsComponent == components))
        {
            Run[] runs = Counted(result, runner.Name);
            var wall = Summary.Of(runs.Select(r => r.Usage.WallSeconds));
            rows.Add([
                runner.Name,
                result.Anchor is { } anchor ? Ratio(result, runner.Name, anchor, r => r.Usage.WallSeconds)!.Text("F2") : "-",
                wall.Text("F2"),
                Summary.Of(runs.Select(r => r.Usage.CpuSeconds)).Text("F2"),
                Summary.Of(runs.Select(r => r.Usage.PeakBytes / 1e6)).Text("F0"),
                runs[0].FileBytes == 0 ? "-" : Summary.Of(runs.Select(r => r.FileBytes / 1e6)).Text("F0"),
                Rate(result, result.Data.Facts.Bytes / 1e6 / wall.Median),
                Rate(result, result.Data.Facts.Rows / 1e3 / wall.Median),
            ]);
        }

        return rows.Count == 1 ? "" : Lines(rows);
    }

    /// <summary>Contestants over small files do not all read the same.</summary>
    private static string Rate(ContestResult result, double perSecond) =>
        result.Data.Kind == DataKind.Small ? "-" : perSecond.ToString(perSecond < 10 ? "F1" : "F0", CultureInfo.InvariantCulture);

    /// <summary>In plain words: what weir costs more than a peer. Whole processes are told against whole processes; of storing, those that store.</summary>
    public static IEnumerable<string> Losses(ContestResult result) =>
        from ours in result.Runners.Where(r => r.IsOurs && !r.IsComponent)
        from theirs in result.Runners.Where(r => !r.IsOurs && !r.IsComponent)
        let losses = (from measure in Measures
                      let ratio = Ratio(result, ours.Name, theirs.Name, measure.Of)!.Median
                      where ratio >= 1.005 && double.IsFinite(ratio)   // below that it would read as 1.00 x
                      select string.Create(CultureInfo.InvariantCulture, $"{measure.What} {ratio:F2} x")).ToList()
        where losses.Count > 0
        select $"**{ours.Name}** beside {theirs.Name}: {string.Join(", ", losses)}";

    /// <summary>Ratio of each round, so that a slow spell of the machine meets both sides; then the median of the ratios. Null where one of the two did not run.</summary>
    public static Summary? Ratio(ContestResult result, string runner, string other, Func<Run, double> of)
    {
        Run[] mine = Counted(result, runner), theirs = Counted(result, other);
        return mine.Length == 0 || theirs.Length == 0 ? null : Summary.Of(mine.Zip(theirs, (a, b) => of(a) / of(b)));
    }

    public static string Lines(List<string[]> rows)
    {
        int[] widths = [.. rows[0].Select((_, column) => rows.Max(r => r[column].Length))];
        var text = new StringBuilder();
        for (int i = 0; i < rows.Count; i++)
        {
            text.Append("| ").AppendJoin(" | ", rows[i].Select((cell, column) => cell.PadRight(widths[column]))).Append(" |\n");
            if (i == 0)
                text.Append('|').AppendJoin('|', widths.Select(w => new string('-', w + 2))).Append("|\n");
        }

        return text.ToString();
    }

    /// <summary>Runs of the counted rounds, in order.</summary>
    public static Run[] Counted(ContestResult result, string runner) => [.. result.Runs.Where(r => r.Runner == runner && r.Round > 0).OrderBy(r => r.Round)];
}
