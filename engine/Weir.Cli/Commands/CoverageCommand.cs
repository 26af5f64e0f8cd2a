using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using Weir.Cli.Output;
using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary><c>weir coverage</c></summary>
internal static class CoverageCommand
{
    private const int BarWidth = 60;

    public static Command Create()
    {
        var table = new Argument<string?>("TABLE") { Description = "Table to look at; all by default.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--slices") { Description = "A line for each slice; by default for those that are missing." };
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
            ILookup<int, ExportRecord> byNumber = exports.ToLookup(e => e.ExportId);
            if (parsed.GetValue(format) == "json")
            {
                foreach (SliceRecord slice in slices)
                    output.WriteLine(ToJson(slice).ToJsonString(JsonText.Options));
                foreach (var group in Searches(slices, byNumber))
                {
                    foreach (SliceRange range in Unasked([.. group]))
                        output.WriteLine(ToJson(group.Key.Table, group.First().Spl, range).ToJsonString(JsonText.Options));
                }

                return Cli.Clean;
            }

            IAnsiConsole console = shared.Console(parsed, output);
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

    private static void Draw(IAnsiConsole console, string table, ExportRecord export, SliceRecord[] slices, bool all)
    {
        SliceRecord[] missing = [.. slices.Where(s => !s.IsComplete)];
        DateTime first = slices.Min(s => s.Earliest), last = slices.Max(s => s.Latest);
        SliceRange[] unasked = [.. Unasked(slices)];
        console.WriteLine();
        console.MarkupLine($"  [bold]{Markup.Escape(Terminal.Line(table))}[/]  {Markup.Escape(Terminal.Line(export.Spl))}  [grey]{Markup.Escape(Terminal.Line(export.Url))}[/]");
        console.MarkupLine($"  {Markup.Escape(SplunkExportCommand.Range(first, last))}: {(slices.Length == 1 ? "1 slice" : $"{Sizes.Count(slices.Length)} slices")}, {Sizes.Count(slices.Sum(s => s.RowsLanded ?? 0))} rows, {State(missing.Length, unasked.Length)}");
        console.MarkupLine("  " + Bar(first, last, slices, unasked));
        string right = Times.Show(last);
        console.MarkupLine($"  [grey]{Times.Show(first)}{right.PadLeft(Math.Max(right.Length + 1, BarWidth - Times.Show(first).Length))}[/]");
        if (SlicePlan.Unplanned(first, last, DateTime.MaxValue, slices.Where(s => s.IsComplete)).Where(r => r.IsLate).Min(r => r.IndexEarliest) is { } known)
            console.MarkupLine($"  [grey]events that had been indexed before {Times.Show(known)}[/]");
        foreach (SliceRange range in unasked)
            console.MarkupLine($"  [red]never asked for[/]: {Markup.Escape(SplunkExportCommand.Range(range.Earliest, range.Latest))}{(range.IsNew ? "" : ", of what had been indexed before " + Times.Show(range.IndexLatest))}");
        SliceRecord[] shown = all ? slices : missing;
        if (shown.Length == 0)
            return;
        var grid = new ResultTable("source", "earliest", "latest", "rows", "state", "attempts", "messages", "note");
        grid.RightAlign(0, 3, 5, 6);
        grid.KeepWhole(1, 2);
        foreach (SliceRecord slice in shown)
        {
            string late = slice.IndexEarliest is { } since ? $"indexed {SplunkExportCommand.Range(since, slice.IndexLatest)}; " : "";
            grid.Add([
                slice.SourceId.ToString(CultureInfo.InvariantCulture), Times.Show(slice.Earliest), Times.Show(slice.Latest), slice.RowsLanded is { } rows ? Sizes.Count(rows) : "", State(slice),
                Sizes.Count(slice.Attempts), Sizes.Count(slice.Messages is null ? 0 : JsonNode.Parse(slice.Messages)!.AsArray().Count), late + (slice.Missing ?? ""),
            ]);
        }

        grid.Write(console);
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
