using System.Globalization;
using System.Text;
using Weir.Perf.Runners;

namespace Weir.Perf.Report;

/// <summary>The table of one data set: Markdown that also reads well on a terminal.</summary>
internal static class Table
{
    private static readonly string[] Header = ["run", "x load", "wall s", "cpu s", "peak MB", "file MB", "MB/s", "krows/s"];

    public static string Markdown(ContestResult result)
    {
        var rows = new List<string[]> { Header };
        string anchor = result.Runs[0].Runner;
        foreach (string runner in result.Runs.Select(r => r.Runner).Distinct())
        {
            Run[] runs = Counted(result, runner);
            var wall = Summary.Of(runs.Select(r => r.Usage.WallSeconds));
            rows.Add([
                runner,
                result.Comparison.Count == 0 ? "-" : Ratio(result, runner, anchor, r => r.Usage.WallSeconds).Text("F2"),
                wall.Text("F2"),
                Summary.Of(runs.Select(r => r.Usage.CpuSeconds)).Text("F2"),
                Summary.Of(runs.Select(r => r.Usage.PeakBytes / 1e6)).Text("F0"),
                Summary.Of(runs.Select(r => r.FileBytes / 1e6)).Text("F0"),
                (result.Data.Facts.Bytes / 1e6 / wall.Median).ToString("F0", CultureInfo.InvariantCulture),
                (result.Data.Facts.Rows / 1e3 / wall.Median).ToString("F0", CultureInfo.InvariantCulture),
            ]);
        }

        return Lines(rows);
    }

    /// <summary>In plain words: where a contestant costs more than the anchor. Empty where it does nowhere.</summary>
    public static IEnumerable<string> Losses(ContestResult result)
    {
        string anchor = result.Runs[0].Runner;
        (string What, Func<Run, double> Of)[] measures =
        [
            ("wall time", r => r.Usage.WallSeconds), ("cpu time", r => r.Usage.CpuSeconds), ("peak memory", r => r.Usage.PeakBytes), ("file size", r => r.FileBytes),
        ];
        return from runner in result.Runs.Select(r => r.Runner).Distinct().Skip(1)
               from measure in measures
               let ratio = Ratio(result, runner, anchor, measure.Of).Median
               where ratio >= 1.005   // below that it would read as 1.00 x
               select string.Create(CultureInfo.InvariantCulture, $"{runner}: {measure.What} is {ratio:F2} x the {anchor}'s.");
    }

    /// <summary>Ratio of each round, so that a slow spell of the machine meets both sides; then the median of the ratios.</summary>
    public static Summary Ratio(ContestResult result, string runner, string other, Func<Run, double> of) =>
        Summary.Of(Counted(result, runner).Zip(Counted(result, other), (mine, theirs) => of(mine) / of(theirs)));

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

    private static Run[] Counted(ContestResult result, string runner) => [.. result.Runs.Where(r => r.Runner == runner && r.Round > 0).OrderBy(r => r.Round)];
}
