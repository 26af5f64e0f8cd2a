using System.Globalization;
using System.Text.Json.Nodes;
using Weir.Cli.Output;
using Weir.Connectors;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary>What an export says at its end: one balance over the slices of its range, and each hole. A run that had nothing to do tells the same as the one that did it.</summary>
internal sealed class ExportSummary(ExportOptions options)
{
    /// <summary>What to do where a search gives nothing: more often than not an index or a sourcetype is called otherwise.</summary>
    public const string NothingFound = "no event was found: 'weir splunk sourcetypes' lists what the server holds, by index and sourcetype";

    private const int ShownHoles = 8;
    private readonly Dictionary<int, SliceOutcome> outcomes = [];
    private IReadOnlyList<(string Code, long Count)> remarks = [];
    private IReadOnlyList<SliceRecord> slices = [];
    private IReadOnlyList<SliceRange> unplanned = [];
    private SliceRange[] late = [];
    private TimeSpan elapsed;

    public ExportPlan? Plan { get; set; }

    /// <summary>Slices that this run is done with, one way or the other.</summary>
    public int Slices => outcomes.Count;

    public bool NeedsLook => Holes.Any() || unplanned.Count > 0 || Rejected > 0 || remarks.Any(r => r.Code is "invalid-utf8" or "invalid-encoding");

    private IEnumerable<SliceRecord> Holes => slices.Where(s => !s.IsComplete);

    private long Landed => slices.Sum(s => s.RowsLanded ?? 0);

    private long Rejected => slices.Sum(s => s.RowsRejected ?? 0);

    public void Add(SliceOutcome outcome) => outcomes[outcome.Slice.SourceId] = outcome;

    /// <summary>Reads from the case what it holds now.</summary>
    public void Complete(CaseFile caseFile, string search, TimeSpan time)
    {
        elapsed = time;
        IReadOnlyList<ExportRecord> exports = caseFile.Exports(options.Table, search);
        slices = exports.Count == 0 ? [] : [.. caseFile.Slices([.. exports.Select(e => e.ExportId)]).Where(s => outcomes.ContainsKey(s.SourceId) || (s.Earliest < Plan!.Latest && s.Latest > Plan.Earliest))];
        unplanned = [.. SlicePlan.Unplanned(Plan!.Earliest, Plan.Latest, DateTime.MaxValue, slices).Where(r => !r.IsLate)];
        late = [.. SlicePlan.Unplanned(Plan.Earliest, Plan.Latest, DateTime.MaxValue, slices.Where(s => s.IsComplete)).Where(r => r.IsLate)];
        HashSet<int> own = [.. slices.Select(s => s.SourceId)];
        remarks = [.. caseFile.Database.Rows("SELECT source_id, code, count(*) FROM weir.remarks GROUP BY ALL", r => (Source: r.GetInt32(0), Code: r.GetString(1), Count: r.GetInt64(2)))
            .Where(r => own.Contains(r.Source)).GroupBy(r => r.Code).Select(g => (g.Key, g.Sum(r => r.Count))).OrderBy(r => r.Key, StringComparer.Ordinal)];
    }

    public void WriteText(Screen console)
    {
        long now = outcomes.Values.Sum(o => o.Report?.Result.RowsRead ?? 0), read = Landed + Rejected;
        string mark = NeedsLook ? "[yellow]![/]" : "[green]✓[/]";
        string repeat = outcomes.Count == 0 ? " · already landed, nothing to do" : now < read ? $" · {Sizes.Count(read - now)} had landed before" : "";
        console.MarkupLine($"{mark} {Screen.Escape(SplunkExportCommand.Range(Plan!.Earliest, Plan.Latest))} → [bold]{Screen.Escape(Terminal.Line(options.Table))}[/]  {Sizes.Count(read)} read = {Sizes.Count(Landed)} landed + {Sizes.Count(Rejected)} rejected in {Slice(slices.Count(s => s.IsComplete))}{repeat}");
        if (remarks.Count > 0)
            Detail("remarks: " + string.Join(", ", remarks.Select(r => $"{Sizes.Count(r.Count)} {r.Code}")));
        foreach (IGrouping<string, JsonNode> level in slices.Where(s => s.Messages is not null).SelectMany(s => JsonNode.Parse(s.Messages!)!.AsArray()).OfType<JsonNode>().GroupBy(m => (string)m["type"]!).Where(g => g.Key is "WARN" or "ERROR" or "FATAL").OrderBy(g => g.Key, StringComparer.Ordinal))
            Detail($"{Sizes.Count(level.Sum(m => (long?)m["times"] ?? 1))} messages of level {level.Key}, the first: {level.First()["text"]}");
        if (read == 0 && !Holes.Any() && unplanned.Count == 0)
            Detail(NothingFound);
        if (!options.Spl.IsOneSlice && late.Min(r => r.IndexEarliest) is { } bound)
            Detail($"events that were indexed from {Times.Show(bound)} on are not among them: {(late.Any(SlicePlan.StillArrives) ? "the same command fetches those of its last hour later, --refresh all" : "--refresh fetches them later")}");
        SliceRecord[] holes = [.. Holes];
        foreach (SliceRecord hole in holes.Take(ShownHoles))
            Detail($"missing: {SplunkExportCommand.Range(hole.Earliest, hole.Latest)} (source {hole.SourceId}, {hole.Attempts} attempts): {hole.Missing ?? "it was not fetched"}");
        if (holes.Length > ShownHoles)
            Detail($"and {Sizes.Count(holes.Length - ShownHoles)} more: 'weir coverage' shows them");
        foreach (SliceRange range in unplanned)
            Detail($"missing: {SplunkExportCommand.Range(range.Earliest, range.Latest)}: nobody asked for it");
        if (holes.Length + unplanned.Count > 0)
            Detail("the same command fetches what is missing, and nothing else");
        double seconds = Math.Max(0.001, elapsed.TotalSeconds);
        if (now > 0)
            console.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"  [grey]{seconds:0.00} s, {Sizes.Count((long)(now / seconds))} rows/s[/]"));

        void Detail(string text) => console.MarkupLine($"    [grey]{Screen.Escape(Terminal.Line(text))}[/]");
    }

    /// <summary>One object a slice of the range.</summary>
    public void WriteJson(TextWriter output)
    {
        foreach (SliceRecord slice in slices)
        {
            outcomes.TryGetValue(slice.SourceId, out SliceOutcome? outcome);
            output.WriteLine(JsonText.Line(new JsonObject
            {
                ["table"] = slice.Table,
                ["source"] = slice.Uri,
                ["source_id"] = slice.SourceId,
                ["connector"] = SliceLedger.Connector,
                ["earliest"] = Times.Show(slice.Earliest),
                ["latest"] = Times.Show(slice.Latest),
                ["rows_read"] = (slice.RowsLanded ?? 0) + (slice.RowsRejected ?? 0),
                ["rows_landed"] = slice.RowsLanded ?? 0,
                ["rows_rejected"] = slice.RowsRejected ?? 0,
                ["attempts"] = slice.Attempts,
                ["seconds"] = Math.Round(outcome?.Report?.Elapsed.TotalSeconds ?? 0, 3),
                ["state"] = slice.State,
                ["already_landed"] = outcome is null && slice.IsComplete,
                ["missing"] = slice.Missing,
                ["messages"] = slice.Messages is null ? null : JsonNode.Parse(slice.Messages),
            }));
        }
    }

    public static string Slice(int count) => count == 1 ? "1 slice" : $"{Sizes.Count(count)} slices";
}
