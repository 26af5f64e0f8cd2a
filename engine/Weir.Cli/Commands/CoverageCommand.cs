using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Weir.Cli.Output;
using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Analysis;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary><c>weir coverage</c></summary>
internal static class CoverageCommand
{
    private const int BarWidth = 60;

    public static Command Create()
    {
        var table = new Argument<string?>("TABLE") { Description = "Table to look at; all by default.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--slices") { Description = "A line for each slice; by default for those that are missing, those that follow one another together." };
        var format = new Option<string>("--format") { Description = "table or json.", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json");
        var command = new Command("coverage", "Draws what was acquired, slice by slice, and what is missing.\n\nExample: weir coverage events --slices") { table, all, format };
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            await using CaseFile caseFile = await shared.OpenToReadAsync(parsed, RunOptions.Default, cancellationToken);
            string? wanted = parsed.GetValue(table);
            IReadOnlyList<ExportRecord> exports = caseFile.Exports(wanted);
            IReadOnlyList<SliceRecord> slices = [.. caseFile.Slices().Where(s => wanted is null || s.Table.Equals(wanted, StringComparison.OrdinalIgnoreCase))];
            if (slices.Count == 0 && wanted is not null)
            {
                string[] landed = [.. CaseTable.All(caseFile).Select(t => t.Name)], known = [.. caseFile.Slices().Select(s => s.Table).Distinct(StringComparer.OrdinalIgnoreCase)];
                known = known.Length == 0 ? landed : known;
                if (!landed.Contains(wanted, StringComparer.OrdinalIgnoreCase))
                    throw new WeirException($"table '{wanted}'", "the case has no such table", known.Length == 0 ? "" : $"one of {string.Join(", ", known)}", "See the tables with: weir tables.");
            }

            ILookup<int, ExportRecord> byNumber = exports.ToLookup(e => e.ExportId);
            if (parsed.GetValue(format) == "json")
            {
                foreach (SliceRecord slice in slices)
                    output.WriteLine(JsonText.Line(ToJson(slice)));
                foreach (var group in Searches(slices, byNumber))
                {
                    foreach (SliceRange range in Unasked([.. group]))
                        output.WriteLine(JsonText.Line(ToJson(group.Key.Table, group.First().Spl, range)));
                }

                return Cli.Clean;
            }

            Screen console = shared.Screen(parsed, output);
            if (slices.Count == 0)
                console.WriteLine(wanted is null ? "no table came from a search in slices: 'weir tables' lists what landed" : $"table {Terminal.Line(wanted)} did not come from a search in slices: 'weir tables' lists what landed");
            foreach (var group in Searches(slices, byNumber))
                Draw(console, group.Key.Table, byNumber[group.First().ExportId].First(), [.. group.OrderBy(s => s.Earliest)], parsed.GetValue(all));
            return Cli.Clean;
        });
        return command;
    }

    private static IEnumerable<IGrouping<(string Table, string Search), SliceRecord>> Searches(IEnumerable<SliceRecord> slices, ILookup<int, ExportRecord> exports) => slices.GroupBy(s => (s.Table, exports[s.ExportId].First().Search));

    /// <summary>What lies between the slices of a search and belongs to none.</summary>
    private static IEnumerable<SliceRange> Unasked(IReadOnlyCollection<SliceRecord> slices) => SlicePlan.Unplanned(slices.Min(s => s.Earliest), slices.Max(s => s.Latest), DateTime.MaxValue, slices).Where(r => !r.IsLate);

    private static void Draw(Screen console, string table, ExportRecord export, SliceRecord[] slices, bool all)
    {
        SliceRecord[] missing = [.. slices.Where(s => !s.IsComplete)];
        DateTime first = slices.Min(s => s.Earliest), last = slices.Max(s => s.Latest);
        SliceRange[] unasked = [.. Unasked(slices)];
        console.WriteLine();
        console.MarkupLine($"  [bold]{Screen.Escape(Terminal.Line(table))}[/]  {Screen.Escape(Terminal.Line(export.Spl))}  [grey]{Screen.Escape(Terminal.Line(export.Url))}[/]");
        console.MarkupLine($"  {Screen.Escape(SplunkExportCommand.Range(first, last))}: {(slices.Length == 1 ? "1 slice" : $"{Sizes.Count(slices.Length)} slices")}, {Sizes.Count(slices.Sum(s => s.RowsLanded ?? 0))} rows, {State(missing.Length, unasked.Length)}");
        console.MarkupLine("  " + Bar(first, last, slices, unasked));
        string right = Times.Show(last);
        console.MarkupLine($"  [grey]{Times.Show(first)}{right.PadLeft(Math.Max(right.Length + 1, BarWidth - Times.Show(first).Length))}[/]");
        if (SlicePlan.Unplanned(first, last, DateTime.MaxValue, slices.Where(s => s.IsComplete)).Where(r => r.IsLate).Min(r => r.IndexEarliest) is { } known)
            console.MarkupLine($"  [grey]events that had been indexed before {Times.Show(known)}[/]");
        foreach (SliceRange range in unasked)
            console.MarkupLine($"  [red]never asked for[/]: {Screen.Escape(SplunkExportCommand.Range(range.Earliest, range.Latest))}{(range.IsNew ? "" : ", of what had been indexed before " + Times.Show(range.IndexLatest))}");
        SliceRecord[][] shown = all ? [.. slices.Select(s => (SliceRecord[])[s])] : [.. Folded(missing)];
        bool folded = Array.Exists(shown, s => s.Length > 1);
        if (shown.Length > 0)
        {
            var grid = new ResultTable(["source", .. folded ? (string[])["slices"] : [], "earliest", "latest", "rows", "state", "attempts", "messages", "note"]);
            int at = folded ? 1 : 0;
            grid.RightAlign([0, .. folded ? (int[])[1] : [], 3 + at, 5 + at, 6 + at]);
            grid.KeepWhole(1 + at, 2 + at);
            foreach (SliceRecord[] line in shown)
                grid.Add(Cells(line, folded));
            grid.Write(console);
        }

        if (missing.Length + unasked.Length > 0)
            console.WriteLine("  the same command fetches what is missing, and nothing else");
    }

    /// <summary>Slices of one state that follow one another, as one line: a run that ended early leaves hundreds.</summary>
    private static List<SliceRecord[]> Folded(SliceRecord[] slices)
    {
        var lines = new List<SliceRecord[]>();
        foreach (SliceRecord slice in slices.OrderBy(s => s.IndexEarliest ?? DateTime.MinValue).ThenBy(s => s.IndexLatest).ThenBy(s => s.Earliest))
        {
            if (lines.Count > 0 && lines[^1][^1] is var last && last.Latest == slice.Earliest && last.State == slice.State && last.IndexEarliest == slice.IndexEarliest && last.IndexLatest == slice.IndexLatest)
                lines[^1] = [.. lines[^1], slice];
            else
                lines.Add([slice]);
        }

        return lines;
    }

    private static string[] Cells(SliceRecord[] slices, bool folded)
    {
        SliceRecord first = slices[0];
        string late = first.IndexEarliest is { } since ? $"indexed {SplunkExportCommand.Range(since, first.IndexLatest)}; " : "";
        string note = late + (first.Missing ?? "") + (Array.Exists(slices, s => s.Missing != first.Missing) ? " (others for other reasons: --slices)" : "");
        return
        [
            slices.Length == 1 ? Number(first.SourceId) : $"{Number(slices.Min(s => s.SourceId))}-{Number(slices.Max(s => s.SourceId))}", .. folded ? (string[])[Sizes.Count(slices.Length)] : [], Times.Show(first.Earliest),
            Times.Show(slices[^1].Latest), slices.Length == 1 && first.RowsLanded is { } rows ? Sizes.Count(rows) : "", State(first), Sizes.Count(slices.Max(s => s.Attempts)),
            Sizes.Count(slices.Sum(s => s.Messages is null ? 0 : JsonNode.Parse(s.Messages)!.AsArray().Count)), note,
        ];

        static string Number(int source) => source.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Full blocks for what landed, shades for what was not fetched, gaps for holes; a part of a cell counts as missing.</summary>
    private static string Bar(DateTime first, DateTime last, SliceRecord[] slices, SliceRange[] unasked)
    {
        var bar = new System.Text.StringBuilder();
        double width = (last - first).Ticks / (double)BarWidth;
        for (int i = 0; i < BarWidth; i++)
        {
            DateTime from = first.AddTicks((long)(i * width)), to = i == BarWidth - 1 ? last : first.AddTicks((long)((i + 1) * width));
            SliceRecord[] here = [.. slices.Where(s => s.Earliest < to && s.Latest > from)];
            bool hole = Array.Exists(unasked, r => r.Earliest < to && r.Latest > from) || Array.Exists(here, s => s.State == SliceRecord.Hole), planned = Array.Exists(here, s => s.State == SliceRecord.Planned);
            bar.Append(hole ? "[red]✗[/]" : planned ? "[yellow]·[/]" : "[green]█[/]");
        }

        return bar.ToString();
    }

    private static string State(int missing, int unasked) => missing + unasked == 0 ? "[green]complete[/]"
        : string.Join(", ", new[] { missing == 0 ? "" : $"[red]{Sizes.Count(missing)} missing[/]", unasked == 0 ? "" : $"[red]{Sizes.Count(unasked)} never asked for[/]" }.Where(t => t.Length > 0));

    private static string State(SliceRecord slice) => slice.State == SliceRecord.Planned ? "not fetched" : slice.State == SliceRecord.Hole ? "MISSING" : slice.State;

    private static JsonObject ToJson(string table, string spl, SliceRange range) => new()
    {
        ["table"] = table,
        ["spl"] = spl,
        ["earliest"] = Times.Show(range.Earliest),
        ["latest"] = Times.Show(range.Latest),
        ["index_earliest"] = range.IndexEarliest is { } since ? Times.Show(since) : null,
        ["index_latest"] = range.IndexLatest is { } before ? Times.Show(before) : null,
        ["state"] = "unasked",
    };

    private static JsonObject ToJson(SliceRecord slice) => new()
    {
        ["table"] = slice.Table,
        ["source_id"] = slice.SourceId,
        ["spl"] = slice.Spl,
        ["earliest"] = Times.Show(slice.Earliest),
        ["latest"] = Times.Show(slice.Latest),
        ["index_earliest"] = slice.IndexEarliest is { } since ? Times.Show(since) : null,
        ["index_latest"] = Times.Show(slice.IndexLatest),
        ["state"] = slice.State,
        ["rows_landed"] = slice.RowsLanded,
        ["rows_rejected"] = slice.RowsRejected,
        ["attempts"] = slice.Attempts,
        ["sid"] = slice.Sid,
        ["missing"] = slice.Missing,
        ["messages"] = slice.Messages is null ? null : JsonNode.Parse(slice.Messages),
    };
}
