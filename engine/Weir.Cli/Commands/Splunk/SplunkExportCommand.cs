using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Weir.Cli.Output;
using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary><c>weir splunk export</c></summary>
internal static class SplunkExportCommand
{
    private const int SampleRows = 1_000;

    public static Command Create()
    {
        var table = new Option<string>("--table") { Description = "Table that the rows go to.", DefaultValueFactory = _ => "events", HelpName = "NAME" };
        var slice = new Option<TimeSpan?>("--slice") { Description = "Length of a slice (1h); by the number of events by default.", CustomParser = Sizes.Duration, HelpName = "LENGTH" };
        var sliceRows = new Option<int?>("--slice-rows") { Description = "Rows that a slice is planned to have at most; 50000 by default.", HelpName = "N" };
        var method = new Option<string>("--method") { Description = "job (paged results) or export (streamed, then counted): for volume.", DefaultValueFactory = _ => "job" };
        method.AcceptOnlyFromAmong("job", "export");
        var concurrency = new Option<int?>("--concurrency") { Description = "Slices fetched at once; 2 by default.", HelpName = "N" };
        var attempts = new Option<int?>("--attempts") { Description = "Tries of a slice before it is cut in two, or given up; 3 by default.", HelpName = "N" };
        var spool = new Option<long?>("--spool-limit") { Description = "Disk that slices may take beside the case while they are fetched; 4GB by default.", CustomParser = Sizes.Bytes, HelpName = "SIZE" };
        var lag = new Option<TimeSpan?>("--index-lag") { Description = "Events indexed within this time before the run are left to a later one; 60s by default.", CustomParser = Sizes.Duration, HelpName = "TIME" };
        var outage = new Option<TimeSpan?>("--outage-limit") { Description = "Longest time to wait for a server that goes away in the middle; 5m by default.", CustomParser = Sizes.Duration, HelpName = "TIME" };
        var refresh = new Option<bool>("--refresh") { Description = "Fetch what was indexed since, for the range that has landed." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the slices and what is to be expected; fetch nothing." };
        var format = new Option<string>("--format") { Description = "Summary as text or json.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var command = new Command("export", "Exports a search over a long range into a table of the case, slice by slice, each verified by the server's own counts.\n\nExample: weir splunk export --url https://splunk:8089 --user me --spl 'index=main' --earliest -7d@d --latest @d --table events")
        {
            table, slice, sliceRows, method, concurrency, attempts, spool, lag, outage, refresh, dryRun, format,
        };
        var search = new SearchOptions(command);
        var connection = new SplunkConnection(command);
        var stageOptions = new StageOptions(command);
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
            CaseSchema.CheckTable(parsed.GetValue(table)!);
            IngestStages stages = stageOptions.Make(parsed);
            using SplunkClient client = Shared.Checked("--outage-limit", () => connection.Open(parsed, error, parsed.GetValue(outage)));
            var (spl, earliest, latest, notes) = await search.ReadAsync(parsed, client, cancellationToken);
            var options = new ExportOptions { Spl = spl, Earliest = earliest, Latest = latest, Zone = search.Zone(parsed), Table = parsed.GetValue(table)!, Slice = parsed.GetValue(slice), Refresh = parsed.GetValue(refresh), Method = parsed.GetValue(method) == "export" ? FetchMethod.Export : FetchMethod.Job };
            options = parsed.GetValue(sliceRows) is { } rows ? Shared.Checked("--slice-rows", () => options with { SliceRows = rows }) : options;
            options = parsed.GetValue(concurrency) is { } most ? Shared.Checked("--concurrency", () => options with { Concurrency = most }) : options;
            options = parsed.GetValue(attempts) is { } tries ? Shared.Checked("--attempts", () => options with { Attempts = tries }) : options;
            options = parsed.GetValue(spool) is { } bytes ? Shared.Checked("--spool-limit", () => options with { SpoolLimit = bytes }) : options;
            options = parsed.GetValue(lag) is { } late ? Shared.Checked("--index-lag", () => options with { IndexLag = late }) : options;

            bool loud = !shared.Quiet(parsed), progress = loud && ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
            foreach (string note in loud ? notes : [])
                error.WriteLine($"weir: {Terminal.Line(note)}");
            if (parsed.GetValue(dryRun))
                return await DryRunAsync(client, options, shared, parsed, output, cancellationToken);

            var line = new ProgressLine(error, progress, progress && Console.WindowWidth is > 20 and var width ? width : 80);
            RunOptions run = stageOptions.Run(parsed);
            long received = 0, receivedBytes = 0;
            long start = Stopwatch.GetTimestamp();
            await using CaseFile caseFile = await CaseFile.OpenAsync(shared.Case(parsed), new CaseOptions { Run = run, Kinds = stages.Kinds }, cancellationToken);
            caseFile.RecordAsnTable(stages.Asn);
            stages = stages.Knowing(caseFile.Kinds);
            client.Say = text =>
            {
                line.Clear();
                if (loud)
                    error.WriteLine($"weir: {Terminal.Line(text)}");
            };
            ExportSummary summary = new(options);
            int planned = 0;
            void Tell() => line.Begin(string.Create(CultureInfo.InvariantCulture, $"slice {summary.Slices + 1} of {planned}"), null);
            var export = new SplunkExport(client, options)
            {
                Done = outcome =>
                {
                    summary.Add(outcome);
                    Tell();
                },
                Progress = (rows, bytes) => line.Report(new RunProgress(Interlocked.Add(ref received, rows), Interlocked.Add(ref receivedBytes, bytes))),
                Cut = (cut, why) =>
                {
                    planned++;
                    line.Clear();
                    if (loud)
                        error.WriteLine($"weir: slice {Range(cut.Earliest, cut.Latest)} is cut in two: {Terminal.Line(why)}");
                },
            };
            try
            {
                ExportPlan plan = await export.PlanAsync(caseFile, counted: false, cancellationToken);
                summary.Plan = plan;
                planned = plan.Open.Count + plan.Fresh.Count;
                foreach (string note in loud ? plan.Notes : [])
                    error.WriteLine($"weir: {Terminal.Line(note)}");
                Tell();
                await export.RunAsync(caseFile, plan, stages.Behind, stages.Surveyed, stages.Landing(), run, cancellationToken);
            }
            finally
            {
                line.Clear();
            }

            summary.Complete(caseFile, export.Search, Stopwatch.GetElapsedTime(start));
            if (parsed.GetValue(format) == "json")
                summary.WriteJson(output);
            else if (loud)
                summary.WriteText(shared.Screen(parsed, error, wrap: false));
            return summary.NeedsLook ? Cli.NeedsLook : Cli.Clean;
        });
        return command;
    }

    public static string Range(DateTime earliest, DateTime latest) => $"{Times.Show(earliest)} to {Times.Show(latest)}";

    /// <summary>Prints the plan, and from a sample what it will take.</summary>
    private static async Task<int> DryRunAsync(SplunkClient client, ExportOptions options, Shared shared, ParseResult parsed, TextWriter output, CancellationToken cancellationToken)
    {
        string path = shared.Case(parsed);
        await using CaseFile? caseFile = File.Exists(path) ? await CaseFile.OpenAsync(path, new CaseOptions { ReadOnly = true }, cancellationToken) : null;
        var export = new SplunkExport(client, options);
        ExportPlan plan = await export.PlanAsync(caseFile, counted: true, cancellationToken);
        Screen console = shared.Screen(parsed, output);
        console.WriteLine($"{Range(plan.Earliest, plan.Latest)}, events indexed before {Times.Show(plan.IndexLatest)}");
        foreach (string note in plan.Notes)
            console.WriteLine(Terminal.Line(note));
        var grid = new ResultTable("slice", "earliest", "latest", "events");
        grid.RightAlign(0, 3);
        grid.KeepWhole(1, 2);
        foreach (SliceRecord open in plan.Open)
            grid.Add([open.SourceId.ToString(CultureInfo.InvariantCulture), Times.Show(open.Earliest), Times.Show(open.Latest), open.State == SliceRecord.Hole ? "a hole: tried again" : "begun before"]);
        for (int i = 0; i < plan.Fresh.Count; i++)
            grid.Add(["", Times.Show(plan.Fresh[i].Earliest), Times.Show(plan.Fresh[i].Latest), i < plan.Counts.Count ? Sizes.Count(plan.Counts[i]) : "not counted"]);
        if (plan.Open.Count + plan.Fresh.Count > 0)
            grid.Write(console);
        string expected = ExportSummary.Slice(plan.Open.Count + plan.Fresh.Count);
        if (plan.Events is > 0 and { } events && !options.Spl.IsOneSlice)
        {
            long begun = Stopwatch.GetTimestamp();
            var (rows, bytes) = await export.SampleAsync(plan, SampleRows, cancellationToken);
            double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds, share = (double)events / Math.Max(1, rows);
            expected += rows == 0 ? $", {Sizes.Count(events)} rows" : string.Create(CultureInfo.InvariantCulture, $", {Sizes.Count(events)} rows, about {Sizes.Show(bytes * share)} as JSON, {Span(seconds * share / options.Concurrency)} at most, by a sample of {Sizes.Count(rows)} rows that took {seconds:0.0} s");
        }

        console.WriteLine(plan.Open.Count + plan.Fresh.Count == 0 ? "nothing is to be fetched: all of it has landed" : expected);
        if (plan.Events == 0 && plan.Open.Count == 0 && plan.Fresh.Count > 0)
            console.WriteLine(ExportSummary.NothingFound);
        return Cli.Clean;
    }

    private static string Span(double seconds) => seconds < 90 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, seconds):0} s") : seconds < 5_400 ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min") : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3_600:0.0} h");
}
