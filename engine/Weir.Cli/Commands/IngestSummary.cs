using System.Globalization;
using System.Text.Json.Nodes;
using Weir.Cli.Output;
using Weir.Engine;
using Weir.Engine.Analysis;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary>What an ingest says at its end: a balance for each source, then only what needs a reader's eye.</summary>
/// <param name="collapsed">Text by which values of multi-value fields were joined; null where they are lists.</param>
internal sealed class IngestSummary(string? collapsed)
{
    private const int ShownSources = 12, ShownFailed = 12, ShownTables = 8;

    /// <summary>Row counts at which exports of common tools are cut without a word.</summary>
    private static readonly long[] KnownCaps = [1_000, 5_000, 10_000, 50_000, 100_000];

    private readonly List<Line> lines = [];
    private TimeSpan elapsed;

    public bool NeedsLook => lines.Exists(l => l.NeedsLook);

    public void Add(PlannedInput input, RunReport report) => lines.Add(new Line(input, report.Result.SourceId, report));

    public void Add(PlannedInput input, int failedSourceId) => lines.Add(new Line(input, failedSourceId, null));

    /// <summary>Reads from the case what it holds now: a resumed or repeated run tells the same as an undisturbed one.</summary>
    public void Complete(CaseFile caseFile, TimeSpan time)
    {
        elapsed = time;
        var remarks = caseFile.Database.Rows(
            "SELECT source_id, code, count(*) FROM weir.remarks GROUP BY ALL ORDER BY ALL", r => (Source: r.GetInt32(0), Code: r.GetString(1), Count: r.GetInt64(2))).ToLookup(r => r.Source);
        var companions = caseFile.Database.Rows(
            "SELECT source_id, column_name, misfits FROM weir.columns WHERE role = 'companion' AND misfits > 0 ORDER BY ALL", r => (Source: r.GetInt32(0), Column: r.GetString(1), Count: r.GetInt64(2))).ToLookup(r => r.Source);
        var blank = caseFile.Database.Rows(
            "SELECT source_id, (checkpoint->>'$.end.blank_lines')::BIGINT FROM weir.sources WHERE checkpoint->>'$.end.blank_lines' IS NOT NULL", r => (Source: r.GetInt32(0), Lines: r.GetInt64(1))).ToDictionary(b => b.Source, b => b.Lines);
        var all = caseFile.Database.Rows(
            "SELECT source_id, table_name, uri, coalesce(sha256, '') FROM weir.sources WHERE state <> 'failed' ORDER BY source_id",
            r => (Source: r.GetInt32(0), Table: r.GetString(1), Uri: r.GetString(2), Hash: r.GetString(3)));
        var sources = all.GroupBy(r => r.Table, StringComparer.OrdinalIgnoreCase).ToDictionary(t => t.Key, t => t.ToList(), StringComparer.OrdinalIgnoreCase);
        var byHash = all.Where(r => r.Hash.Length > 0).ToLookup(r => r.Hash);
        var iocs = caseFile.Database.Rows("SELECT source_id, count(*) FROM weir.ioc_links JOIN weir.ioc_places USING (place_id) GROUP BY 1", r => (Source: r.GetInt32(0), Count: r.GetInt64(1))).ToDictionary(r => r.Source, r => r.Count);
        var told = caseFile.Database.Rows("SELECT source_id, detail FROM weir.remarks WHERE code = 'previews'", r => (Source: r.GetInt32(0), Detail: r.GetString(1))).ToLookup(r => r.Source, r => r.Detail);
        var kinds = caseFile.Database.Rows("SELECT source_id, kind, sum(rows)::BIGINT FROM weir.kinds GROUP BY ALL ORDER BY ALL", r => (Source: r.GetInt32(0), Kind: r.GetString(1), Rows: r.GetInt64(2))).ToLookup(r => r.Source);
        var doubled = caseFile.Database.Rows("SELECT source_id, count(*) FROM weir.duplicates GROUP BY 1", r => (Source: r.GetInt32(0), Count: r.GetInt64(1))).ToDictionary(r => r.Source, r => r.Count);
        ILookup<int, KeyValuePair<string, long>> children = caseFile.Children();
        foreach (Line line in lines)
        {
            line.Previews = told[line.SourceId].FirstOrDefault();
            line.Iocs = iocs.GetValueOrDefault(line.SourceId);
            line.Kinds = [.. kinds[line.SourceId].Select(k => (k.Kind, k.Rows))];
            line.Duplicates = doubled.GetValueOrDefault(line.SourceId);
            line.Children = [.. children[line.SourceId]];
            line.Note(sources.GetValueOrDefault(line.InTable) ?? [], byHash);
            line.BlankLines = blank.GetValueOrDefault(line.SourceId);
            line.Remarks = [.. remarks[line.SourceId].Select(r => (r.Code, r.Count))];
            line.Companions = [.. companions[line.SourceId].Select(r => (r.Column, r.Count))];
        }

        NoteTimes(caseFile);
    }

    /// <summary>Asks when events were, of the sources that landed now: each for itself, or all of a table at once where they are many.</summary>
    private void NoteTimes(CaseFile caseFile)
    {
        foreach (IGrouping<string, Line> table in lines.Where(l => l.Kinds.Count > 0 && !l.IsRepeat).GroupBy(l => l.InTable, StringComparer.OrdinalIgnoreCase))
        {
            Line[] landed = [.. table];
            TableModel model = TableModel.Load(caseFile.Database, table.Key);
            if (landed.Length > ShownSources)
                landed[0].Times = EventTimes.Of(caseFile, model, [.. landed.Select(l => l.SourceId)]);
            foreach (Line line in landed.Length > ShownSources ? [] : landed)
                line.Times = EventTimes.Of(caseFile, model, [line.SourceId]);
        }
    }

    public void WriteJson(TextWriter output)
    {
        foreach (Line line in lines)
            output.WriteLine(JsonText.Line(line.ToJson()));
    }

    public void WriteText(Screen console)
    {
        Line[] shown = lines.Count <= ShownSources ? [.. lines] : [.. lines.Where(l => l.NeedsLook || l.Details.Any())];
        Line[] failed = [.. shown.Where(l => l.IsFailed).Skip(ShownFailed)];
        shown = [.. shown.Except(failed)];
        int name = shown.Select(l => l.Name.Length).DefaultIfEmpty(0).Max(), table = shown.Select(l => l.Table.Length).DefaultIfEmpty(0).Max();
        foreach (Line line in shown)
        {
            string mark = line.NeedsLook ? "[yellow]![/]" : "[green]✓[/]";
            console.MarkupLine($"{mark} {Screen.Escape(line.Name.PadRight(name))} → [bold]{Screen.Escape(line.Table.PadRight(table))}[/]  {Screen.Escape(line.Balance)}");
            foreach (string detail in line.Details)
                console.MarkupLine($"    [grey]{Screen.Escape(detail)}[/]");
        }

        if (failed.Length > 0)
            console.MarkupLine($"[yellow]![/] {Sizes.Count(failed.Length)} more, of which nothing landed: weir sql \"SELECT uri FROM weir.sources WHERE state = 'failed'\"");
        if (lines.Count > 1 || shown.Length == 0)
        {
            long read = lines.Sum(l => l.Read), rejected = lines.Sum(l => l.Rejected);
            console.MarkupLine($"  {lines.Count} sources, {Sizes.Count(read)} read = {Sizes.Count(read - rejected)} landed + {Sizes.Count(rejected)} rejected{(lines.Exists(l => l.IsRepeat) ? $" · {Sizes.Count(lines.Count(l => l.IsRepeat))} had landed before" : "")}{(shown.Length < lines.Count ? " → " + Screen.Escape(Tables()) : "")}");
        }

        Line[] unknown = [.. lines.Where(l => l.Kinds.Count == 0 && l.Landed > 0)];
        if (unknown.Length > 0)
        {
            string which = unknown.Length == lines.Count ? "" : $": {string.Join(", ", unknown.Take(ShownSources).Select(l => Terminal.Line(l.Name)))}{(unknown.Length > ShownSources ? $" and {Sizes.Count(unknown.Length - ShownSources)} more" : "")}";
            console.MarkupLine($"  no log kind that weir knows{Screen.Escape(which)}; the timeline does not have {(unknown.Length == 1 ? "it" : "them")}, 'weir find' and 'weir sql' do");
        }

        if (collapsed is not null)
            console.MarkupLine($"  multi-value fields are joined by '{Screen.Escape(Terminal.Line(collapsed))}': their values cannot be told apart again");
        long rows = lines.Sum(l => l.ReadNow), bytes = lines.Sum(l => l.BytesNow);
        double seconds = Math.Max(0.001, elapsed.TotalSeconds);
        if (rows > 0)
        {
            // What a resumed run had behind it was hardly read: its whole size would flatter.
            string speed = lines.Exists(l => l.Resumed) ? "" : $", {Sizes.Show(bytes / seconds)}/s";
            console.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"  [grey]{seconds:0.00} s, {Sizes.Count((long)(rows / seconds))} rows/s{speed}[/]"));
        }
    }

    /// <summary>Where the rows went, as lines are folded that say it.</summary>
    private string Tables()
    {
        string[] tables = [.. lines.Where(l => !l.IsFailed).Select(l => l.Table).Distinct(StringComparer.OrdinalIgnoreCase)];
        return string.Join(", ", tables.Take(ShownTables)) + (tables.Length > ShownTables ? $" and {Sizes.Count(tables.Length - ShownTables)} more: 'weir tables' lists them" : "");
    }

    /// <summary>One source in the summary.</summary>
    private sealed class Line(PlannedInput input, int sourceId, RunReport? report)
    {
        public int SourceId { get; } = sourceId;

        public string Name { get; } = Terminal.Line(input.Path == "-" ? "standard input" : Path.GetFileName(input.Path));

        public string Table { get; } = Terminal.Line(input.Table);

        public IReadOnlyList<(string Code, long Count)> Remarks { get; set; } = [];

        public IReadOnlyList<(string Column, long Count)> Companions { get; set; } = [];

        public IReadOnlyList<KeyValuePair<string, long>> Children { get; set; } = [];

        /// <summary>How many rows were previews; null where none was.</summary>
        public string? Previews { get; set; }

        /// <summary>Kinds of logs in it, with their rows.</summary>
        public IReadOnlyList<(string Kind, long Rows)> Kinds { get; set; } = [];

        /// <summary>Records that stand in the case already.</summary>
        public long Duplicates { get; set; }

        /// <summary>When its events were, and which fields disagree about it.</summary>
        public IReadOnlyList<EventTimes> Times { get; set; } = [];

        /// <summary>Indicators found, each time they occur.</summary>
        public long Iocs { get; set; }

        public long BlankLines { get; set; }

        public string InTable => input.Table;

        /// <summary>What else of this input lies in the same table; null where nothing does.</summary>
        public string? Beside { get; private set; }

        public bool IsFailed => report is null;

        public bool IsRepeat => report?.AlreadyLanded ?? false;

        public void Note(List<(int Source, string Table, string Uri, string Hash)> all, ILookup<string, (int Source, string Table, string Uri, string Hash)> byHash)
        {
            int at = all.FindIndex(s => s.Source == SourceId);
            if (at < 0)
                return;
            var (_, _, uri, hash) = all[at];
            if (all.FindLastIndex(Math.Max(0, at - 1), at, s => s.Hash == hash) is >= 0 and var same)
                Beside = $"the same bytes stand in the table already, as source {all[same].Source}: 'weir remove {SourceId}' takes them out again";
            else if (IsRepeat && input.Path != "-" && uri != input.Uri)
                Beside = $"its bytes are those of source {SourceId}, {Terminal.Line(uri)}";
            else if (input.Path != "-" && all.FindLastIndex(Math.Max(0, at - 1), at, s => s.Uri == uri) is >= 0 and var older)
                Beside = $"source {all[older].Source} came from the same path with other content, and its rows are in the table too: 'weir remove {all[older].Source}' takes them out";
            else if (!IsRepeat && byHash[hash].Where(s => s.Source < SourceId).Select(s => (s.Source, s.Table)).FirstOrDefault() is { Table: { } there } first)
                Beside = $"the same bytes stand in table {Terminal.Line(there)} too, as source {first.Source}: 'weir remove {SourceId}' takes them out again";
        }

        public long Read => report?.Result.RowsRead ?? 0;

        public long Landed => report?.Result.RowsLanded ?? 0;

        public long Rejected => report?.Result.RowsRejected ?? 0;

        public long ReadNow => report?.RowsRead ?? 0;

        public bool Resumed => report is { AlreadyLanded: false, RowsBefore: > 0 };

        public long BytesNow => report is null || report.AlreadyLanded ? 0 : report.Source.Bytes ?? report.End?.Bytes ?? 0;

        public long? Cap => report is not null && KnownCaps.Contains(Read) ? Read : null;

        public bool NeedsLook => report is null || Rejected > 0 || report.Result.Missing is not null || report.Result.UndecidedDates.Count + report.Result.MisfitDates.Count > 0 || Remarks.Any(r => r.Code is "invalid-utf8" or "invalid-encoding");

        public string Balance => report is null
            ? "failed: nothing landed"
            : $"{Sizes.Count(Read)} read = {Sizes.Count(report.Result.RowsLanded)} landed + {Sizes.Count(Rejected)} rejected"
                + (report.AlreadyLanded ? " · already landed, nothing to do" : report.RowsBefore > 0 ? $" · resumed behind row {Sizes.Count(report.RowsBefore)}" : "");

        /// <summary>What there is to say, always in the same order.</summary>
        public IEnumerable<string> Details
        {
            get
            {
                if (report is null)
                {
                    yield return Terminal.Line(input.Fault!.Message);
                    yield break;
                }

                if (input.Apart is { } other && !report.AlreadyLanded)
                    yield return $"table {Terminal.Line(other)} holds other columns: 'weir remove {SourceId}', then --table {Terminal.Line(other)} to have it there";
                if (report.Source.Connector == "text")
                    yield return "no format that weir knows: one row a line, in _raw";
                if (Remarks.Any(r => r.Code != "previews"))
                    yield return "remarks: " + string.Join(", ", Remarks.Where(r => r.Code != "previews").Select(r => $"{Sizes.Count(r.Count)} {r.Code}"));
                if (Kinds.Count > 0)
                    yield return "kind: " + string.Join(", ", Kinds.Select(k => $"{Terminal.Line(k.Kind)} ({Sizes.Count(k.Rows, "row")})"));
                if (Duplicates > 0)
                    yield return $"{(Duplicates == 1 ? "1 record stands" : $"{Sizes.Count(Duplicates)} records stand")} twice; the views leave one of them out (weir.duplicates)";
                foreach (EventTimes times in Times.Where(t => t.Column is null || t.Missing > 0 || t.Others.Count > 0))
                    yield return TimeText(times);
                if (report.RowsBefore > 0 && !report.AlreadyLanded && input.Reasons.Any(r => r.StartsWith("container: ", StringComparison.Ordinal) || r.StartsWith("encoding: ", StringComparison.Ordinal)))
                    yield return "the part that had landed was decoded once more: there is no way into the middle of it";
                if (Previews is not null)
                    yield return Previews;
                if (Beside is not null)
                    yield return Beside;
                if (Companions.Count > 0)
                    yield return "exact text kept beside the type: " + string.Join(", ", Companions.Select(c => $"{Terminal.Line(c.Column)} ({Sizes.Count(c.Count)})"));
                if (Children.Count > 0)
                    yield return "unnested: " + string.Join(", ", Children.Select(c => $"{Sizes.Count(c.Value)} values in {Terminal.Line(c.Key)}"));
                if (report.Result.UndecidedDates.Count > 0)
                    yield return $"not typed: {Terminal.Line(string.Join(", ", report.Result.UndecidedDates))}: nothing tells day from month; 'weir remove {SourceId}', then ingest with --date-order dmy or mdy";
                if (report.Result.MisfitDates.Count > 0)
                    yield return $"not typed: {Terminal.Line(string.Join(", ", report.Result.MisfitDates))}: its dates are in the other order than --date-order says; 'weir remove {SourceId}', then ingest with the other one or without";
                if (BlankLines > 0)
                    yield return BlankLines == 1 ? "1 blank line, which is no row" : $"{Sizes.Count(BlankLines)} blank lines, which are no rows";
                if (report.Result.Missing is { } missing)
                    yield return "incomplete: " + Terminal.Line(missing);
                if (Cap is { } cap)
                    yield return $"exactly {Sizes.Count(cap)} rows: a known limit of exports; check that the export is whole";
            }
        }

        private string TimeText(EventTimes times)
        {
            var text = new System.Text.StringBuilder("time: ").Append(Kinds.Count > 1 ? $"{Terminal.Line(times.Kind)}: " : "").Append(times.Column is null ? "no field tells it" : Terminal.Line(times.Column));
            if (times.Column is not null && times.Missing > 0)
                text.Append(CultureInfo.InvariantCulture, $"; {Sizes.Count(times.Missing, "row")} {(times.Missing == 1 ? "has" : "have")} none");
            foreach (TimeDifference other in times.Others)
            {
                string least = Output.Times.Span(other.Least), most = Output.Times.Span(other.Most);
                string how = other.Distinct <= other.Differences.Count
                    ? string.Join(", ", other.Differences.GroupBy(d => Output.Times.Span(d.Seconds), d => d.Rows).Select(g => $"{g.Key} in {Sizes.Count(g.Sum(), "row")}"))
                    : least == most ? $"{least} in {Sizes.Count(other.Rows, "row")}" : $"in {Sizes.Count(other.Rows, "row")}, from {least} to {most}";
                text.Append(CultureInfo.InvariantCulture, $"; {Terminal.Line(other.Column)} differs: {how}");
            }

            return text.ToString();
        }

        public JsonObject ToJson()
        {
            var json = new JsonObject
            {
                ["table"] = input.Table,
                ["connector"] = report?.Source.Connector,
                ["source"] = input.Path,
                ["source_id"] = SourceId,
                ["rows_read"] = Read,
                ["rows_landed"] = report?.Result.RowsLanded ?? 0,
                ["rows_rejected"] = Rejected,
                ["remarks"] = new JsonObject(Remarks.Select(r => KeyValuePair.Create(r.Code, (JsonNode?)r.Count))),
                ["iocs"] = Iocs,
                ["seconds"] = Math.Round(report?.Elapsed.TotalSeconds ?? 0, 3),
                ["bytes"] = report?.Source.Bytes ?? report?.End?.Bytes ?? 0,
                ["state"] = report is null ? "failed" : report.Result.Missing is null ? "complete" : "incomplete",
                ["already_landed"] = report?.AlreadyLanded ?? false,
                ["resumed_from"] = report is { AlreadyLanded: false, RowsBefore: > 0 } ? report.RowsBefore : null,
                ["missing"] = report is null ? input.Fault!.Message : report.Result.Missing,
                ["undecided_dates"] = new JsonArray([.. (report?.Result.UndecidedDates ?? []).Select(c => (JsonNode?)c)]),
                ["misfit_dates"] = new JsonArray([.. (report?.Result.MisfitDates ?? []).Select(c => (JsonNode?)c)]),
                ["companions"] = new JsonObject(Companions.Select(c => KeyValuePair.Create(c.Column, (JsonNode?)c.Count))),
                ["children"] = new JsonObject(Children.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))),
                ["blank_lines"] = BlankLines,
                ["kinds"] = new JsonObject(Kinds.Select(k => KeyValuePair.Create(k.Kind, (JsonNode?)k.Rows))),
                ["duplicates"] = Duplicates,
                ["times"] = new JsonArray([.. Times.Select(t => (JsonNode?)new JsonObject
                {
                    ["kind"] = t.Kind,
                    ["column"] = t.Column,
                    ["rows"] = t.Rows,
                    ["rows_without"] = t.Missing,
                    ["differs"] = new JsonArray([.. t.Others.Select(o => (JsonNode?)new JsonObject
                    {
                        ["column"] = o.Column,
                        ["rows"] = o.Rows,
                        ["seconds"] = new JsonArray([.. o.Differences.Select(d => (JsonNode?)new JsonObject { ["seconds"] = d.Seconds, ["rows"] = d.Rows })]),
                    })]),
                })]),
            };
            return json;
        }
    }
}
