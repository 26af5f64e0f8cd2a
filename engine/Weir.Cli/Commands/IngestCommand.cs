using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Weir.Cli.Output;
using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary><c>weir ingest</c></summary>
internal static class IngestCommand
{
    public static Command Create()
    {
        var inputs = new Argument<string[]>("INPUT") { Description = "CSV files (also .gz), folders, globs, or - for standard input.", Arity = ArgumentArity.OneOrMore };
        inputs.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(t => t.Value is ['-', _, ..] && !Path.Exists(t.Value)) is { } unknown)
                result.AddError($"There is no option '{unknown.Value}', and no such file.");
        });
        var command = new Command("ingest", "Lands CSV exports in the case, whole and exactly once.\n\nExample: weir ingest exports/*.csv.gz --table signin") { inputs };
        var options = new IngestOptions(command);
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
            CsvOptions csv = options.Csv(parsed);
            TypingOptions typing = options.Typing(parsed);
            IReadOnlyList<PlannedInput> plan = await IngestPlan.MakeAsync(parsed.GetValue(inputs)!, options.Table(parsed), csv, error, cancellationToken);
            if (options.DryRun(parsed))
                return await DryRunAsync(plan, csv, shared.Console(parsed, output), output, cancellationToken);

            bool progress = !shared.Quiet(parsed) && ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
            var line = new ProgressLine(error, progress);
            RunOptions run = options.Run(parsed) with { Progress = line.Report };
            long start = Stopwatch.GetTimestamp();
            var summary = new IngestSummary();
            await using (CaseFile caseFile = await CaseFile.OpenAsync(shared.Case(parsed), new CaseOptions { Run = run, ShareCommits = plan.Count > 1 }, cancellationToken))
            {
                try
                {
                    foreach (PlannedInput input in plan)
                    {
                        if (input.Path == "-" && !shared.Quiet(parsed))
                            error.WriteLine("weir: standard input cannot be read again: if this run is interrupted, remove the source and ingest it anew");
                        line.Begin(input.Path, input.Path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? null : input.Info?.Bytes);
                        if (input.Fault is { } fault)
                            summary.Add(input, caseFile.RecordFailed(Path.GetFullPath(input.Path), input.Table, "csv", fault.Message));
                        else
                            summary.Add(input, await Pipeline.From(input.Open(csv)).Then(new ParseStage(typing)).To(caseFile.Table(input.Table, options.Landing(parsed, typing))).RunAsync(run, cancellationToken));
                    }

                    await caseFile.FlushAsync(cancellationToken);
                }
                finally
                {
                    line.Clear();
                }

                summary.Complete(caseFile, Stopwatch.GetElapsedTime(start));
            }

            if (options.Json(parsed))
                summary.WriteJson(output);
            if (!shared.Quiet(parsed) && !options.Json(parsed))
                summary.WriteText(shared.Console(parsed, error, wrap: false));
            return summary.NeedsLook ? Cli.NeedsLook : Cli.Clean;
        });
        return command;
    }

    private static async Task<int> DryRunAsync(IReadOnlyList<PlannedInput> plan, CsvOptions csv, IAnsiConsole console, TextWriter output, CancellationToken cancellationToken)
    {
        foreach (PlannedInput input in plan)
        {
            output.WriteLine($"{Terminal.Line(input.Path)} → table {Terminal.Line(input.Table)}");
            if (input.Fault is { } fault)
                output.WriteLine($"  {Terminal.Line(fault.Message)}");
            foreach (string reason in input.Reasons)
                output.WriteLine($"  {Terminal.Line(reason)}");
            if (input.Info is null)
                continue;
            output.WriteLine($"  {input.Info.Columns.Count} columns: {Terminal.Line(string.Join(", ", input.Info.Columns))}");
            (await FirstRowsAsync(input, csv, cancellationToken)).Write(console);
        }

        return Cli.Clean;
    }

    private static async Task<ResultTable> FirstRowsAsync(PlannedInput input, CsvOptions csv, CancellationToken cancellationToken)
    {
        const int rows = 5, columns = 8;
        var table = new ResultTable([.. input.Info!.Columns.Take(columns)]);
        await using CsvSource source = input.Open(csv);
        await source.OpenAsync(cancellationToken);
        await foreach (Batch batch in source.ReadAsync(null, RunOptions.Default with { BatchRows = rows }, cancellationToken))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Rows; row++)
                    table.Add(batch.Events.Schema.FieldsList.Zip(batch.Events.Arrays).Skip(1).Take(table.Columns).Select(c => ArrowText.Show(c.First, c.Second, row, TimeZoneInfo.Utc)));
                break;
            }
        }

        return table;
    }
}
