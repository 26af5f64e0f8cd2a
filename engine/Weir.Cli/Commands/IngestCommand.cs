using System.CommandLine;
using System.Diagnostics;
using Weir.Cli.Output;
using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary><c>weir ingest</c></summary>
internal static class IngestCommand
{
    public static Command Create()
    {
        var inputs = new Argument<string[]>("INPUT") { Description = "Files of any format (also .gz, .zst), folders, globs, or - for standard input.", Arity = ArgumentArity.OneOrMore };
        inputs.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(t => t.Value is ['-', _, ..] && !Path.Exists(t.Value)) is { } unknown)
                result.AddError($"There is no option '{unknown.Value}', and no such file.");
        });
        var command = new Command("ingest", "Lands log exports (CSV, JSON, text) in the case, whole and exactly once.\n\nExample: weir ingest exports/*.csv.gz --table signin") { inputs };
        var aliases = new Option<string?>("--aliases") { Description = "File of lines 'spelling,user': which names in logs mean one user.", HelpName = "FILE" };
        command.Add(aliases);
        var options = new IngestOptions(command);
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
            InputOptions reading = options.Reading(parsed);
            IngestStages stages = options.Stages.Make(parsed);
            IReadOnlyList<(string, string)>? users = parsed.GetValue(aliases) is { } named ? AliasFile.Read(named) : null;
            string? table = options.Table(parsed);
            if (table is not null)
                CaseSchema.CheckTable(table);
            IReadOnlyList<PlannedSet> sets = await IngestPlan.LookAsync(parsed.GetValue(inputs)!, shared.Case(parsed), reading, error, cancellationToken);
            options.Stages.CheckColumns(parsed, sets);
            if (options.DryRun(parsed))
            {
                foreach (PlannedInput input in IngestPlan.Assign(sets, table, table is null ? await ContentsAsync(shared.Case(parsed), error, cancellationToken) : CaseContents.None))
                    await IngestPreview.WriteAsync(input, reading, stages, shared.Screen(parsed, output), output, cancellationToken);
                return Cli.Clean;
            }

            bool progress = !shared.Quiet(parsed) && ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
            var line = new ProgressLine(error, progress, progress && Console.WindowWidth is > 20 and var width ? width : 80);
            RunOptions run = options.Stages.Run(parsed) with { Progress = line.Report };
            long start = Stopwatch.GetTimestamp();
            var summary = new IngestSummary(stages.Unnest.Collapse);
            var profile = new IngestProfile();
            IReadOnlyList<(string Step, TimeSpan Time)> steps;
            TimeSpan elapsed;
            await using (CaseFile caseFile = await CaseFile.OpenAsync(shared.Case(parsed), new CaseOptions { Run = run, ShareCommits = sets.Sum(s => s.Inputs.Count) > 1, Kinds = stages.Kinds }, cancellationToken))
            {
                try
                {
                    caseFile.RecordAsnTable(stages.Asn);
                    stages = stages.Knowing(caseFile.Kinds);
                    if (users is not null)
                        caseFile.RecordAliases(users);
                    foreach (PlannedInput input in IngestPlan.Assign(sets, table, CaseContents.Of(caseFile.Database)))
                    {
                        if (input.Path == "-" && !shared.Quiet(parsed))
                            error.WriteLine("weir: standard input cannot be read again: if this run is interrupted, remove the source and ingest it anew");
                        line.Begin(input.Path, input.Reasons.Any(r => r.StartsWith("container: ", StringComparison.Ordinal)) ? null : input.Info?.Bytes);
                        if (input.Fault is { } fault)
                            summary.Add(input, caseFile.RecordFailed(input.Uri, input.Table, "file", fault.Message));
                        else
                        {
                            RunReport report = await stages.Behind(input.Open(reading)).To(caseFile.Table(input.Table, stages.Landing(options.Again(parsed)))).RunAsync(run, cancellationToken);
                            profile.Add(report);
                            summary.Add(input, report);
                        }
                    }

                    await caseFile.FlushAsync(cancellationToken);
                }
                finally
                {
                    line.Clear();
                }

                elapsed = Stopwatch.GetElapsedTime(start);
                steps = caseFile.Steps;
                summary.Complete(caseFile, elapsed);
            }

            if (options.Json(parsed))
                summary.WriteJson(output);
            if (!shared.Quiet(parsed) && !options.Json(parsed))
                summary.WriteText(shared.Screen(parsed, error, wrap: false));
            if (options.Profile(parsed))
                profile.Write(shared.Screen(parsed, error, wrap: false), steps, elapsed);
            return summary.NeedsLook ? Cli.NeedsLook : Cli.Clean;
        });
        return command;
    }

    /// <summary>What the case holds, for a plan that lands nothing; a case that cannot be opened now does not hinder it.</summary>
    private static async Task<CaseContents> ContentsAsync(string path, TextWriter error, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            return CaseContents.None;
        try
        {
            await using CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { ReadOnly = true }, cancellationToken);
            return CaseContents.Of(caseFile.Database);
        }
        catch (WeirException e)
        {
            error.WriteLine($"weir: the tables are named as in a new case: {Terminal.Line(e.Message)}");
            return CaseContents.None;
        }
    }
}
